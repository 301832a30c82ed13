using System.Net;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Postgres;
using Gatehouse.Testing.Backends;
using Npgsql;
using Xunit;

namespace Gatehouse.EndToEnd.Database;

/// <summary>--database: a Postgres that somebody else runs, stops and starts.</summary>
public sealed class ExternalDatabaseTests : IAsyncLifetime, IDisposable
{
    private const string Host = "outside.example.com";

    private readonly TemporaryDirectory directory = new();
    private DataDirectory data = null!;
    private EmbeddedPostgres postgres = null!;

    public async Task InitializeAsync()
    {
        data = DataDirectory.Open(directory.In("database"));
        postgres = await EmbeddedPostgres.InstallAsync(data, Secrets.Load(data.Secrets), _ => { }, CancellationToken.None);
        await postgres.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await EmbeddedPostgres.StopAsync(postgres.Process, force: false);
        Dispose();
    }

    public void Dispose()
    {
        data?.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task Postgres_StoppedUnderLoad_FailsNoRequestAndTheApiSays503()
    {
        await using var backend = await EchoBackend.StartAsync("v1");
        await using var instance = await StandaloneInstance.StartNewAsync("--database", postgres.Logins.Owner);
        await Objects.ServeAsync(instance.Api, "outside", Host, backend);
        await using var load = Load.Start(instance.Traffic, Host);
        await load.ContinueAsync(100);

        await EmbeddedPostgres.StopAsync(postgres.Process, force: false);
        await load.ContinueAsync(200);
        var read = await instance.Api.GetAsync("tenants/outside/httproutes/web");
        var write = await instance.Api.SendAsync(HttpMethod.Put, "tenants/outside/backends/late", Objects.Backend(backend.Port));
        await load.ContinueAsync(200);
        await postgres.RestartAsync(CancellationToken.None);
        await WaitUntilAsync(async () => (await instance.Api.GetAsync("tenants/outside/httproutes/web")).Status == HttpStatusCode.OK);
        await instance.Api.PutAsync("tenants/outside/backends/late", Objects.Backend(backend.Port));
        await instance.Api.WaitUntilLiveAsync("tenants/outside/httproutes/web");
        await load.StopAsync();

        Assert.Empty(load.Failures);
        Assert.All(new[] { read, write }, answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (answer.Status, answer.MediaType)));
    }

    [Fact]
    public async Task Database_OfANewerVersion_IsRefusedInOneLine()
    {
        await using (await StandaloneInstance.StartNewAsync("--database", postgres.Logins.Owner))
        {
            await using var connection = new NpgsqlConnection(postgres.Logins.Owner);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("""INSERT INTO schema_migrations VALUES ('99991231235959_Future', '99.0')""", connection);
            await command.ExecuteNonQueryAsync();
        }

        await using var second = new StandaloneInstance("--database", postgres.Logins.Owner);
        var run = second.Launch();
        var code = await run.WaitForExitAsync(TimeSpan.FromSeconds(60));

        Assert.NotEqual(0, code);
        Assert.Contains("newer version of Gatehouse", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await condition())
                return;
            await Task.Delay(50);
        }
        throw new TimeoutException("it did not come");
    }
}
