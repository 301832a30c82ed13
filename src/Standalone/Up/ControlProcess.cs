using Gatehouse.Standalone.DataPlanes;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Options;
using Gatehouse.Standalone.Postgres;
using Gatehouse.Standalone.Processes;
using Npgsql;

namespace Gatehouse.Standalone.Up;

/// <summary>One running instance: its hosts in this process, Postgres and the data plane beside it.</summary>
internal sealed class ControlProcess(UpOptions options, DataDirectory data, Secrets secrets, ILoggerFactory loggers, Action<string> say) : IAsyncDisposable
{
    // The data plane is told to refuse it as a backend, so another port would mean another data plane.
    private readonly Uri sync = new($"http://127.0.0.1:{Ports.RememberedLoopbackPort(data.In("sync.port"))}");
    private readonly CancellationTokenSource supervision = new();
    private readonly List<Task> supervisors = [];
    private EmbeddedPostgres? postgres;
    private DataPlaneProcess? dataPlane;
    private Hosts? hosts;

    /// <summary>Starts everything; returns when it is ready to serve.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Ports.EnsureFree(options.Api, "--api");
        Ports.EnsureFree(options.Portal, "--portal");
        var external = options.Database is { } database ? DatabaseLogins.Parse(database.Reveal(), secrets) : null;
        // First, because it can serve from its last good snapshot before there is a database.
        dataPlane = new DataPlaneProcess(data, options, secrets, [options.Api, options.Portal, sync]);
        await dataPlane.AdoptOrStartAsync(cancellationToken).ConfigureAwait(false);
        if (dataPlane.IsAdopted)
            say("The data plane of the last run is still serving: going on with it.");
        Supervise("the data plane", dataPlane.Process, dataPlane.StartAsync);
        if (external is null)
        {
            postgres = await EmbeddedPostgres.InstallAsync(data, secrets, say, cancellationToken).ConfigureAwait(false);
            await postgres.StartAsync(cancellationToken).ConfigureAwait(false);
            Supervise("Postgres", postgres.Process, postgres.RestartAsync);
        }
        var logins = external ?? postgres!.Logins;
        await Schema.MigrateAsync(logins, secrets, say, cancellationToken).ConfigureAwait(false);
        supervisors.Add(LogFile.KeepSmallAsync(data.Logs, supervision.Token));
        var keys = await KeyEncryption.OpenAsync(options, data, logins, say, cancellationToken).ConfigureAwait(false);
        hosts = Hosts.Build(options, data, logins, secrets, keys, sync);
        await hosts.StartAsync(cancellationToken).ConfigureAwait(false);
        using var readiness = new Readiness(Ports.FromHere(options.Api), options.AdminToken?.Reveal() ?? secrets.AdminToken, dataPlane);
        await readiness.WaitAsync(() => hosts.CompileHost.Current.Revision, say, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops everything in order: traffic first, what it depends on last.</summary>
    /// <param name="keepAdopted">A start failed: a data plane that served before it serves on.</param>
    public async Task StopAsync(bool keepAdopted)
    {
        await StopSupervisionAsync().ConfigureAwait(false);
        if (dataPlane is not null && !(keepAdopted && dataPlane.IsAdopted))
            await DataPlaneProcess.StopAsync(dataPlane.Process, force: false).ConfigureAwait(false);
        if (hosts is not null)
        {
            await hosts.StopAsync().ConfigureAwait(false);
            // With their connections, so that none is cut.
            await hosts.DisposeAsync().ConfigureAwait(false);
            NpgsqlConnection.ClearAllPools();
        }
        if (postgres is not null)
            await EmbeddedPostgres.StopAsync(postgres.Process, force: false).ConfigureAwait(false);
    }

    /// <summary>Ends the processes beside this one at once; what was acknowledged is on disk already.</summary>
    public async Task KillAsync()
    {
        await supervision.CancelAsync().ConfigureAwait(false);
        if (dataPlane is not null)
            await DataPlaneProcess.StopAsync(dataPlane.Process, force: true).ConfigureAwait(false);
        if (postgres is not null)
            await EmbeddedPostgres.StopAsync(postgres.Process, force: true).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopSupervisionAsync().ConfigureAwait(false);
        supervision.Dispose();
        dataPlane?.Dispose();
        if (hosts is not null)
            await hosts.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StopSupervisionAsync()
    {
        if (!supervision.IsCancellationRequested)
            await supervision.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(supervisors).ConfigureAwait(false);
    }

    private void Supervise(string name, ProcessIdentity process, Func<CancellationToken, Task<ProcessIdentity>> restart) =>
        supervisors.Add(new Supervisor(name, restart, loggers.CreateLogger<Supervisor>(), TimeProvider.System).RunAsync(process, supervision.Token));
}
