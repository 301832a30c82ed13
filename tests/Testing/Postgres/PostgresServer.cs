using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Gatehouse.Testing.Postgres;

/// <summary>
/// A real Postgres on a Unix socket in a directory of its own. It ends with the test process, even one that is killed: a shell
/// waits for the end of its standard input, stops the server and removes the directory.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> SharedServer = new(() => StartNewAsync());

    private readonly string _binaries;
    private readonly string _directory;
    private Process? _process;
    private int _databases;

    private PostgresServer(string binaries, string directory)
    {
        _binaries = binaries;
        _directory = directory;
        Templates = new TestTemplates(this);
    }

    /// <summary>Login of the tests' database owner: not a superuser, may create roles.</summary>
    public const string Owner = "gatehouse_owner";

    /// <summary>The server of this test run.</summary>
    public static Task<PostgresServer> SharedAsync() => SharedServer.Value;

    /// <summary>Directory of Postgres' programs.</summary>
    public string Binaries => new FileInfo(Path.Combine(_binaries, "postgres")).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Path.GetDirectoryName(target.FullName)! : _binaries;

    internal TestTemplates Templates { get; }

    /// <summary>A server of one's own, to stop and start.</summary>
    public static async Task<PostgresServer> StartNewAsync()
    {
        var directory = Directory.CreateTempSubdirectory("gatehouse-pg-").FullName;
        var server = new PostgresServer(FindBinaries(), directory);
        await server.InitializeAsync();
        await server.StartAsync();
        await server.ExecuteAsync("postgres", $"CREATE ROLE {Owner} LOGIN CREATEROLE");
        return server;
    }

    /// <summary>Connection string of a login to a database.</summary>
    public string ConnectionString(string database, string user, bool pooling = true) => new NpgsqlConnectionStringBuilder
    {
        Host = _directory,
        Database = database,
        Username = user,
        Pooling = pooling,
        MaxPoolSize = 20,
        Timeout = 5,
        IncludeErrorDetail = true,
    }.ConnectionString;

    /// <summary>Starts the server after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        const string script = "\"$0\" -D \"$1\" -k \"$2\" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
            + "-c max_connections=200 -c unix_socket_permissions=0777 >>\"$2/server.log\" 2>&1 <&- & pid=$!; cat >/dev/null; kill -INT $pid; wait $pid; [ -e \"$2/keep\" ] || rm -rf \"$2\"";
        File.Delete(Keep);
        _process = Process.Start(Unprivileged("sh", "-c", script, Path.Combine(_binaries, "postgres"), Data, _directory))!;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (attempt < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Stops the server until it is started again; connections break.</summary>
    public async Task StopAsync()
    {
        await File.WriteAllTextAsync(Keep, "");
        await EndAsync();
    }

    private async Task EndAsync()
    {
        if (_process is not { } process)
            return;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>Runs a statement as superuser.</summary>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, "postgres", pooling: false));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>From now on this login must show its password to this database.</summary>
    public async Task RequirePasswordAsync(string database, string user)
    {
        var path = Path.Combine(Data, "pg_hba.conf");
        var rules = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, $"local {database} {user} scram-sha-256\n{rules}");
        await ExecuteAsync("postgres", "SELECT pg_reload_conf()");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Templates.Dispose();
        DeleteFiles();
    }

    internal string NextDatabaseName() => string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");

    private string Keep => Path.Combine(_directory, "keep");

    private string Data => Path.Combine(_directory, "data");

    private void DeleteFiles()
    {
        // Left to do only where the server was stopped to be started again, and was not.
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await RunAsync(new ProcessStartInfo("chown") { ArgumentList = { "postgres", _directory } });
        await RunAsync(Unprivileged(Path.Combine(_binaries, "initdb"), "-D", Data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"));
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {await output}{error}");
    }

    /// <summary>Postgres refuses to run as root, so root runs it as the user <c>postgres</c>.</summary>
    private static ProcessStartInfo Unprivileged(params string[] command)
    {
        string[] prefix = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        string[] all = [.. prefix, .. command];
        return new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, WorkingDirectory = "/" };
    }

    private static string FindBinaries()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(directory => directory.Length > 0);
        var versioned = new[] { "/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt" }
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .OrderByDescending(directory => directory, StringComparer.Ordinal)
            .Select(directory => Path.Combine(directory, "bin"));
        return path.Concat(versioned).FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres")))
            ?? throw new InvalidOperationException("No Postgres server binaries were found: install postgresql-15 or newer.");
    }
}
