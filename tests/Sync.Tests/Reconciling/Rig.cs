using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Telemetry;
using Gatehouse.Sync.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>A worker, or several, for a cluster of their own mark in the test cluster, with what a test wants them to reconcile.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly List<(Task Task, CancellationTokenSource Ending)> _running = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private IReadOnlyList<ProjectedObject> _objects = [];

    private Rig(TestCluster cluster, string ns)
    {
        (Cluster, Namespace, Store) = (cluster, ns, new MemoryStore(TimeProvider.System));
        Metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
    }

    public TestCluster Cluster { get; }

    /// <summary>A Namespace that is there and is not ours.</summary>
    public string Namespace { get; }

    public MemoryStore Store { get; }

    public SyncMetrics Metrics { get; }

    public HandMadeStates States { get; } = new();

    public ClusterTarget Target { get; private set; } = new(Guid.NewGuid(), "test", 1, new ClusterSpec { InCluster = true });

    public Guid Owner => Target.Id;

    public CountingApi? Api { get; private set; }

    public ClusterReport? Report => Store.Report(Owner);

    public static async Task<Rig> CreateAsync()
    {
        var cluster = await TestCluster.ConnectAsync();
        return new Rig(cluster, await cluster.CreateNamespaceAsync("engine"));
    }

    /// <summary>Another spec; before anything starts.</summary>
    public void Retarget(ClusterSpec spec) => Target = Target with { Spec = spec };

    /// <summary>Says what is meant.</summary>
    public long Want(params IReadOnlyList<ProjectedObject> objects)
    {
        _objects = objects;
        return States.Set([Target], _ => HandMadeStates.Projection(objects));
    }

    /// <summary>Starts a worker.</summary>
    public ClusterWorker Start(SyncOptions? options = null, TimeProvider? time = null, Func<ClusterTarget, Task<IKubernetesApi>>? connect = null, IClusterStore? store = null)
    {
        var ending = new CancellationTokenSource();
        var connector = new TestConnector(connect ?? (async _ => Count(await TestCluster.ClientAsync(new KubernetesClientOptions { Tries = 1 }))));
        var worker = new ClusterWorker(Target, store ?? Store, connector, States, options ?? new SyncOptions(), Metrics, time ?? TimeProvider.System, NullLogger<ClusterWorker>.Instance);
        _running.Add((Task.Run(() => worker.RunAsync(ending.Token)), ending));
        return worker;
    }

    /// <summary>From now on <see cref="Api"/> tells what goes through this client.</summary>
    public CountingApi Count(IKubernetesApi api) => Api = new CountingApi(api);

    /// <summary>Stops all workers as a host that stops does.</summary>
    public async Task StopAsync()
    {
        foreach (var (_, ending) in _running)
            await ending.CancelAsync();
        await Task.WhenAll(_running.Select(running => running.Task));
        _running.Clear();
    }

    /// <summary>Waits until the last wanted revision is in the cluster.</summary>
    public Task SyncedAsync(int seconds = 20) => UntilAsync(() => Report?.SyncedRevision == States.Current?.Revision && Report is { Queue: 0, IsLoaded: true }, seconds);

    /// <summary>Waits until an object stands so.</summary>
    public async Task<ReportedObject> StandsAsync(ProjectedObject one, string state, int seconds = 15)
    {
        await UntilAsync(() => Standing(one)?.State == state, seconds);
        return Standing(one)!;
    }

    public ReportedObject? Standing(ProjectedObject one) =>
        Store.Report(Owner, one.Source)?.Objects.FirstOrDefault(reported => reported.Kind == one.Id.Kind && reported.Name == one.Id.Name && reported.Namespace == one.Id.Namespace);

    public Task<JsonObject?> GetAsync(ProjectedObject one) => Cluster.GetAsync(one.Id.ApiVersion, one.Id.Kind, one.Id.Namespace, one.Id.Name);

    public async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, int seconds = 15)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(seconds))
                Assert.Fail($"Not within {seconds} s. The cluster: {Report}; objects: {string.Join("; ", _objects.Select(Standing).Select(standing => $"{standing?.Kind} {standing?.Name} {standing?.State} {standing?.Message}").Distinct().Take(10))}; writes: {string.Join(", ", (Api?.Writes ?? []).TakeLast(10))}");
            await Task.Delay(10);
        }
        return watch.Elapsed;
    }

    public Task<TimeSpan> UntilAsync(Func<bool> condition, int seconds = 15) => UntilAsync(() => Task.FromResult(condition()), seconds);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        var made = _objects.Where(one => one.Id.Kind == "Namespace").Select(one => one.Id.Name);
        foreach (var name in made)
            await Cluster.DeleteAsync("v1", "Namespace", null, name);
        await Cluster.DisposeAsync();
        Metrics.Dispose();
        await _services.DisposeAsync();
    }
}
