using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gatehouse.EndToEnd.Database;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Net;

namespace Gatehouse.EndToEnd.Clusters;

/// <summary>A Postgres, an API host and any number of sync workers, each a process of its own, and one cluster behind a proxy that counts.</summary>
internal sealed class WorkerSite : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, HostProcess> _workers = [];
    private readonly string _kek = KeyRing.Draw();
    private readonly string _id = Guid.NewGuid().ToString("n")[..6];
    private TcpPostgres _postgres = null!;
    private HostProcess _apiHost = null!;

    private WorkerSite(ApiServer server) => Server = server;

    public ApiServer Server { get; }

    public WorkerProxy Proxy { get; private set; } = null!;

    /// <summary>The REST API as its admin.</summary>
    public RestClient Api { get; private set; } = null!;

    /// <summary>A tenant of the test's own, and its Namespace.</summary>
    public string Tenant => $"site-{_id}";

    public static async Task<WorkerSite> StartAsync()
    {
        var site = new WorkerSite(await ApiServer.ConnectAsync());
        try
        {
            await site.BeginAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a worker.</summary>
    public void StartWorker(string name) => _workers[name] = HostProcess.Start(
        "Sync",
        ("GATEHOUSE_SYNC", Url().OriginalString), ("GATEHOUSE_DATABASE_COMPILER", _postgres.As("gatehouse_compiler", "compiler-password")), ("GATEHOUSE_HOSTNAME_VERIFICATION", "off"),
        ("GATEHOUSE_KEK", _kek), (WorkerProxy.NameVariable, name));

    public void Signal(string worker, int signal) => _workers[worker].Signal(signal);

    /// <summary>A cluster, a class and a Gateway in it, and the tenant.</summary>
    public async Task OfferAsync(int maxWritesPerSecond = 200)
    {
        await Server.CreateNamespaceAsync($"edge-{_id}");
        var kubeconfig = await Proxy.WriteKubeconfigAsync(_directory);
        await Api.PutAsync("clusters/tried", JsonSerializer.Serialize(new { spec = new { kubeconfigFiles = new[] { kubeconfig }, maxWritesPerSecond } }));
        await Api.PutAsync("gatewayclasses/tried", JsonSerializer.Serialize(new
        {
            spec = new { controllerName = "gatehouse.dev/gateway-controller", target = new { type = "Kubernetes", cluster = "tried", gatewayClassName = "tried", gatewayNamespace = $"edge-{_id}" } },
        }));
        await Api.PutAsync("tenants/platform/gateways/edge", """{"spec":{"gatewayClassName":"tried","listeners":[{"name":"http","port":80,"protocol":"HTTP","allowedRoutes":{"namespaces":{"from":"All"}}}]}}""");
        await Api.PutAsync($"tenants/{Tenant}", "{}");
    }

    /// <summary>A route of the tenant to a Service of its Namespace.</summary>
    public Task PutRouteAsync(string name, int weight = 1) => Api.PutAsync($"tenants/{Tenant}/httproutes/{name}", $$$"""
        {"spec":{"parentRefs":[{"name":"edge","namespace":"platform"}],"hostnames":["{{{name}}}.{{{_id}}}.example.com"],
        "rules":[{"backendRefs":[{"kind":"Service","name":"web","port":80,"weight":{{{weight.ToString(CultureInfo.InvariantCulture)}}}}]}]}}
        """);

    /// <summary>Weight of a route's first backend in the cluster; null: there is no such route.</summary>
    public async Task<int?> WeightAsync(string name) => (int?)(await Server.RouteAsync(Tenant, name))?["spec"]!["rules"]![0]!["backendRefs"]![0]!["weight"];

    /// <summary>Waits, and says how long it took.</summary>
    public async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, int seconds)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(seconds))
                throw new TimeoutException($"Not within {seconds} s. Cluster: {await Api.GetAsync("clusters/tried")}\n{string.Join('\n', _workers.Select(worker => $"{worker.Key}: {worker.Value.Output}"))}");
            await Task.Delay(50);
        }
        return watch.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers.Values)
            await worker.DisposeAsync();
        if (_apiHost is not null)
            await _apiHost.DisposeAsync();
        if (Proxy is not null)
            await Proxy.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Api?.Dispose();
        await Server.DeleteNamespaceAsync(Tenant);
        await Server.DeleteNamespaceAsync($"edge-{_id}");
        Server.Dispose();
        _directory.Dispose();
    }

    private static Uri Url() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));

    private async Task BeginAsync()
    {
        Proxy = await WorkerProxy.StartAsync(Server);
        _postgres = await TcpPostgres.StartAsync();
        await using var migrator = HostProcess.Start(
            "Migrations", ("GATEHOUSE_DATABASE_OWNER", _postgres.Owner), ("GATEHOUSE_APP_PASSWORD", "app-password"), ("GATEHOUSE_COMPILER_PASSWORD", "compiler-password"));
        if (await migrator.WaitForExitAsync() != 0)
            throw new InvalidOperationException(migrator.Output);
        var url = Url();
        _apiHost = HostProcess.Start(
            "Api",
            ("GATEHOUSE_API", url.OriginalString), ("GATEHOUSE_DATABASE", _postgres.As("gatehouse_app", "app-password")),
            ("GATEHOUSE_DATABASE_COMPILER", _postgres.As("gatehouse_compiler", "compiler-password")), ("GATEHOUSE_ADMIN_TOKEN", StandaloneInstance.AdminToken),
            ("GATEHOUSE_HOSTNAME_VERIFICATION", "off"), ("GATEHOUSE_KEK", _kek), ("GATEHOUSE_DATA_DIR", _directory.In("api")));
        Api = new RestClient(url, StandaloneInstance.AdminToken);
        await _apiHost.WaitUntilReadyAsync(url);
    }
}
