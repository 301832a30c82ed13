using System.Diagnostics;
using Gatehouse.Testing.Postgres;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class DatabaseAwayTests(DatabaseAwayTests.Fixture api) : IClassFixture<DatabaseAwayTests.Fixture>
{
    private const string Backend = """{"spec":{"endpoints":[{"address":"127.0.0.1","port":9001}]}}""";

    [Fact]
    public async Task Postgres_StoppedAndStarted_GivesFast503AndRecovers()
    {
        var editor = api.As("shop", "editor");
        (await editor.PutAsync("/api/v1/tenants/shop/backends/before", Backend)).Expect(201);
        await api.Server.StopAsync();
        await ExpectUnavailableAsync(editor);

        await api.Server.StartAsync();
        await api.WaitUntilReadyAsync();
        (await editor.GetAsync("/api/v1/tenants/shop/backends/before")).Expect(200);
        (await editor.GetAsync("/api/v1/tenants/shop/backends/during")).Expect(404);
    }

    private async Task ExpectUnavailableAsync(ApiClient editor)
    {
        foreach (var (client, method, path, body) in new[]
        {
            (editor, "GET", "/api/v1/tenants/shop/backends", (string?)null),
            (editor, "PUT", "/api/v1/tenants/shop/backends/during", Backend),
            (api.Admin, "GET", "/api/v1/tenants", null),
            (api.Client(null), "POST", "/auth/login", """{"email":"a@b.c","password":"x"}"""),
        })
        {
            var start = Stopwatch.GetTimestamp();
            var answer = (await client.SendAsync(method, path, body)).ExpectProblem(503, "database_unavailable");
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2), $"{method} {path} took {Stopwatch.GetElapsedTime(start)}");
            Assert.NotNull(answer.Headers.RetryAfter);
        }
        (await api.Client(null).GetAsync("/readyz")).Expect(503);
        (await api.Client(null).GetAsync("/livez")).Expect(200);
    }

    public sealed class Fixture : ApiFixture, IAsyncLifetime
    {
        public PostgresServer Server { get; private set; } = null!;

        protected override async Task<PostgresServer> ServerAsync() => Server = await PostgresServer.StartNewAsync();

        async Task IAsyncLifetime.DisposeAsync()
        {
            await DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
