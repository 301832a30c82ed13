using System.Security.Cryptography;
using System.Text;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Processes;

namespace Gatehouse.Standalone.Postgres;

/// <summary>The Postgres server that an instance brings along: on a Unix socket, without TCP, in a session of its own.</summary>
internal sealed class EmbeddedPostgres
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    private readonly DataDirectory data;
    private readonly PostgresCluster cluster;
    private readonly PostgresBinaries binaries;
    private readonly EmbeddedDatabase database;
    private readonly string socketDirectory;
    private readonly Action<string> say;

    private EmbeddedPostgres(DataDirectory data, PostgresCluster cluster, PostgresBinaries binaries, EmbeddedDatabase database, string socketDirectory, Action<string> say)
    {
        this.data = data;
        this.cluster = cluster;
        this.binaries = binaries;
        this.database = database;
        this.socketDirectory = socketDirectory;
        this.say = say;
    }

    /// <summary>The server as it runs now.</summary>
    public ProcessIdentity Process { get; private set; } = new(0, "");

    public DatabaseLogins Logins => database.Logins;

    private string RecordFile => data.In("postgres.pid.json");

    /// <summary>Finds or fetches a server, and makes the cluster if there is none. Nothing runs yet.</summary>
    public static async Task<EmbeddedPostgres> InstallAsync(DataDirectory data, Secrets secrets, Action<string> say, CancellationToken cancellationToken)
    {
        var socketDirectory = PostgresSocket.DirectoryFor(data.Path, out var isElsewhere);
        if (isElsewhere)
            say($"The data directory's path is too long for a Unix socket: Postgres's socket lies in {socketDirectory}.");
        var cluster = await PostgresCluster.OpenAsync(data.PostgresData, socketDirectory, cancellationToken).ConfigureAwait(false);
        var binaries = await new PostgresInstallation(say).ProvideAsync(data.PostgresData, cancellationToken).ConfigureAwait(false);
        await PostgresSocket.PrepareAsync(socketDirectory, cluster.User, cancellationToken).ConfigureAwait(false);
        await cluster.InitializeAsync(binaries, secrets.PostgresPassword, cancellationToken).ConfigureAwait(false);
        return new EmbeddedPostgres(data, cluster, binaries, new EmbeddedDatabase(socketDirectory, secrets), socketDirectory, say);
    }

    /// <summary>Adopts or starts the server and makes the database in it. Cancelled halfway, <see cref="Process"/> may run and is to be stopped.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await AdoptOrStartAsync(cancellationToken).ConfigureAwait(false);
        await database.PrepareAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the server again after it has ended.</summary>
    public async Task<ProcessIdentity> RestartAsync(CancellationToken cancellationToken)
    {
        await AdoptOrStartAsync(cancellationToken).ConfigureAwait(false);
        return Process;
    }

    /// <summary>Ends the server: what is committed is on disk, and connections are cut.</summary>
    /// <param name="server">The server's first process.</param>
    /// <param name="force">Do not even write a checkpoint; the next start recovers.</param>
    public static async Task StopAsync(ProcessIdentity server, bool force)
    {
        if (!force && server.Signal(Posix.Interrupt) && await server.WaitForExitAsync(TimeSpan.FromSeconds(20), CancellationToken.None).ConfigureAwait(false))
            return;
        if (server.Signal(Posix.Quit) && !await server.WaitForExitAsync(TimeSpan.FromSeconds(5), CancellationToken.None).ConfigureAwait(false))
            server.Signal(Posix.Kill);
    }

    private async Task AdoptOrStartAsync(CancellationToken cancellationToken)
    {
        var leftover = ProcessRecord.ReadLive(RecordFile);
        if (leftover is not null && leftover.Options == OptionsDigest && await database.AnswersAsync(cancellationToken).ConfigureAwait(false))
        {
            Process = leftover.Process;
            return;
        }
        if ((leftover?.Process ?? await cluster.FindServerAsync(cancellationToken).ConfigureAwait(false)) is { } running)
            await StopAsync(running, force: false).ConfigureAwait(false);
        var log = data.LogOf("postgres");
        // After a kill the last of the old server's own children may need a moment to notice; until then the new one refuses.
        for (var attempt = 1; ; attempt++)
        {
            Process = StartServer(log);
            if (await BecomesReadyAsync(cancellationToken).ConfigureAwait(false))
                return;
            if (attempt == 10)
                throw new StartupFailure($"Postgres does not start ({LogFile.LastWords(log)}): see {log}");
            await Task.Delay(200 * attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    private ProcessIdentity StartServer(string log)
    {
        var process = new DetachedProcess
        {
            Program = binaries.Server,
            Arguments = Arguments,
            Environment = DetachedProcess.PlainEnvironment(),
            LogFile = log,
            Launcher = cluster.Reach(cluster.Directory, socketDirectory),
        }.Start();
        new ProcessRecord { Process = process, Options = OptionsDigest }.Write(RecordFile);
        return process;
    }

    private async Task<bool> BecomesReadyAsync(CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var told = false;
        while (Process.IsAlive)
        {
            if (cluster.IsReady(Process))
                return true;
            var waited = TimeProvider.System.GetElapsedTime(begun);
            if (waited > StartPatience)
                throw new StartupFailure($"Postgres was not ready within {StartPatience.TotalMinutes} minutes: see {data.Logs}");
            if (!told && waited > TimeSpan.FromSeconds(3))
            {
                told = true;
                say("Postgres recovers from how it was ended …");
            }
            await Task.Delay(15, cancellationToken).ConfigureAwait(false);
        }
        return false;
    }

    // Nothing here trades durability for speed: what was acknowledged survives kill -9 and a power cut.
    private IReadOnlyList<string> Arguments =>
    [
        "-D", cluster.PathOfCluster(cluster.Directory),
        // Nothing reads it; it tells our server from others even if -D does not.
        "-c", $"gatehouse.directory={cluster.Directory}",
        "-c", "listen_addresses=",
        "-c", $"unix_socket_directories={cluster.PathOfSocket(socketDirectory)}",
        "-c", "unix_socket_permissions=0700",
        "-c", "port=5432",
        "-c", "max_connections=200",
        "-c", "shared_buffers=128MB",
        "-c", "wal_level=minimal",
        "-c", "max_wal_senders=0",
        "-c", "jit=off",
        "-c", "timezone=UTC",
        "-c", "log_timezone=UTC",
    ];

    private string OptionsDigest =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Arguments.Prepend(binaries.Server)))));
}
