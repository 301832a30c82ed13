using System.Globalization;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Postgres;
using Gatehouse.Standalone.Processes;
using Gatehouse.Testing.Net;
using Npgsql;

namespace Gatehouse.EndToEnd.Database;

/// <summary>A Postgres that is reached over TCP with passwords, as one that somebody else runs.</summary>
internal sealed class TcpPostgres : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();
    private ProcessIdentity server = new(0, "");

    private TcpPostgres()
    {
    }

    /// <summary>Connection string of the owner of the empty database.</summary>
    public string Owner { get; private set; } = "";

    /// <summary>Connection string that row-level security hides nothing from.</summary>
    public string Superuser { get; private set; } = "";

    public static async Task<TcpPostgres> StartAsync()
    {
        var postgres = new TcpPostgres();
        using var data = DataDirectory.Open(postgres.directory.In("database"));
        var secrets = Secrets.Load(data.Secrets);
        var embedded = await EmbeddedPostgres.InstallAsync(data, secrets, _ => { }, CancellationToken.None);
        await embedded.StartAsync(CancellationToken.None);
        var command = (await File.ReadAllTextAsync($"/proc/{embedded.Process.Pid}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        await EmbeddedPostgres.StopAsync(embedded.Process, force: false);
        var port = FreePort.Next();
        postgres.server = new DetachedProcess
        {
            Program = command[0],
            Arguments = [.. command[1..], "-c", "listen_addresses=127.0.0.1", "-c", string.Create(CultureInfo.InvariantCulture, $"port={port}")],
            Environment = DetachedProcess.PlainEnvironment(),
            LogFile = data.LogOf("tcp"),
            Launcher = Posix.IsRoot ? (await SystemUser.OwnerOfAsync(data.PostgresData, CancellationToken.None))!.RunAs() : [],
        }.Start();
        postgres.Owner = new NpgsqlConnectionStringBuilder(embedded.Logins.Owner) { Host = "127.0.0.1", Port = port }.ConnectionString;
        postgres.Superuser = postgres.As("postgres", secrets.PostgresPassword);
        await WaitUntilItAnswersAsync(postgres.Owner);
        return postgres;
    }

    /// <summary>The same database as another login.</summary>
    public string As(string user, string password) => new NpgsqlConnectionStringBuilder(Owner) { Username = user, Password = password }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await EmbeddedPostgres.StopAsync(server, force: true);
        directory.Dispose();
    }

    private static async Task WaitUntilItAnswersAsync(string connectionString)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (attempt < 200)
            {
                await Task.Delay(50);
            }
        }
    }
}
