using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Api.Tests.Rest;
using Gatehouse.Control.Clusters;
using Gatehouse.Control.Compiling;
using Gatehouse.ServiceDefaults;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>
/// Everything but data planes: Postgres, the API and a sync worker for the test cluster. There are the Cluster <c>test</c>, the class
/// <c>kube</c> of it, and the platform's Gateway <c>kube</c> of that class with a listener on port 80; tenants' Namespaces have names of their own.
/// </summary>
public sealed class WholeFixture : ApiFixture
{
    /// <summary>Name of the Cluster.</summary>
    public const string ClusterName = "test";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IServiceProvider? _services;
    private WebApplication? _worker;

    /// <summary>Put before tenants' names, so that runs do not meet in the cluster.</summary>
    public string Prefix { get; } = $"whole-{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..6]}-";

    /// <summary>Name of the GatewayClass in the cluster; nobody serves it but the test.</summary>
    public string ClassName => Prefix + "class";

    /// <summary>Namespace of the shared Gateway.</summary>
    public string GatewayNamespace => Prefix + "gateways";

    /// <summary>The cluster, with what people and controllers do to it.</summary>
    internal TestCluster Cluster { get; private set; } = null!;

    /// <summary>Addresses of DNS names, as the worker resolves them.</summary>
    public IDictionary<string, string[]> Names { get; } = new System.Collections.Concurrent.ConcurrentDictionary<string, string[]>(StringComparer.Ordinal);

    /// <summary>Namespace of a tenant.</summary>
    public string NamespaceOf(string tenant) => Prefix + tenant;

    public override async Task InitializeAsync()
    {
        // Its tests are skipped then, and say why.
        if (KubernetesNeeded.Reason is not null)
            return;
        Cluster = await TestCluster.ConnectAsync();
        await base.InitializeAsync();
        await Cluster.ApplyAsync($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{GatewayNamespace}}}"}}""");
        await Cluster.ApplyAsync($$$"""{"apiVersion":"gateway.networking.k8s.io/v1","kind":"GatewayClass","metadata":{"name":"{{{ClassName}}}"},"spec":{"controllerName":"example.test/controller"}}""");
        (await Admin.PutAsync($"/api/v1/clusters/{ClusterName}", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["kubeconfigFiles"] = new JsonArray(TestCluster.KubeconfigPath),
                ["namespacePrefix"] = Prefix,
            },
        }.ToJsonString())).Expect(201);
        (await Admin.PutAsync("/api/v1/gatewayclasses/kube", $$$"""
            {"spec":{"controllerName":"gatehouse.dev/gateway-controller","target":{"type":"Kubernetes","cluster":"{{{ClusterName}}}",
            "gatewayClassName":"{{{ClassName}}}","gatewayNamespace":"{{{GatewayNamespace}}}"} } }
            """)).Expect(201);
        (await Admin.PutAsync("/api/v1/tenants/platform/gateways/kube", """
            {"spec":{"gatewayClassName":"kube","listeners":[{"name":"http","port":80,"protocol":"HTTP"}],"allowedListeners":{"namespaces":{"from":"All"}}}}
            """)).Expect(201);
        _worker = SyncHost.Build(
            new SyncHostOptions
            {
                Url = "http://127.0.0.1:0",
                CompilerDatabase = new Secret(Database.Compiler),
                CompileHost = _services!.GetRequiredService<CompileHost>(),
                ClusterStore = _services!.GetRequiredService<IClusterStore>(),
            },
            new SyncOptions { RivalPeriod = TimeSpan.FromSeconds(1), Resolve = (name, _) => Task.FromResult<IReadOnlyList<string>>(Names.TryGetValue(name, out var addresses) ? addresses : []) });
        await _worker.StartAsync();
        await UntilAsync(async () => IsTrue((await Admin.GetAsync($"/api/v1/clusters/{ClusterName}")).Json, "Synced"), "the cluster is in sync");
    }

    public override async Task DisposeAsync()
    {
        if (Cluster is null)
            return;
        if (_worker is not null)
        {
            await _worker.StopAsync();
            await _worker.DisposeAsync();
        }
        await base.DisposeAsync();
        var namespaces = await Cluster.Api.ListAsync(await Cluster.KindAsync("v1", "Namespace"), null, null, CancellationToken.None);
        foreach (var name in namespaces.Items.Select(static item => (string)item["metadata"]!["name"]!).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
            await Cluster.DeleteAsync("v1", "Namespace", null, name);
        await Cluster.DeleteAsync("gateway.networking.k8s.io/v1", "GatewayClass", null, ClassName);
        await Cluster.DisposeAsync();
    }

    protected override void Started(IServiceProvider services) => _services = services;

    /// <summary>Writes an object of a tenant, whether it is there or not.</summary>
    public async Task<JsonElement> PutAsync(string tenant, string path, string spec)
    {
        var answer = await Admin.PutAsync($"/api/v1/tenants/{tenant}/{path}", $$"""{"spec":{{spec}}}""");
        Assert.True(answer.Status is 200 or 201, $"{path}: {answer.Text}");
        return answer.Json;
    }

    /// <summary>A tenant of its own that serves a hostname by a route <c>web</c> with a Backend outside the cluster.</summary>
    public async Task AddSiteAsync(string tenant, string hostname)
    {
        await AddTenantAsync(tenant);
        await PutAsync(tenant, "backends/web", """{"endpoints":[{"address":"203.0.113.10","port":80}]}""");
        await PutAsync(tenant, $"hostnames/{hostname}", """{"gateways":[{"namespace":"platform","name":"kube"}]}""");
        await PutAsync(tenant, "httproutes/web", $$$"""{"hostnames":["{{{hostname}}}"],"rules":[{"backendRefs":[{"name":"web"}]}]}""");
    }

    /// <summary>The object of a route in the cluster, once it is there.</summary>
    public Task<JsonObject> RouteAsync(string tenant, string name = "web") => FindAsync("HTTPRoute", NamespaceOf(tenant), name);

    /// <summary>The object of the shared Gateway in the cluster, once it is there.</summary>
    public Task<JsonObject> GatewayAsync() => FindAsync("Gateway", GatewayNamespace, "kube");

    /// <summary>A Gateway API object, once it is there.</summary>
    public async Task<JsonObject> FindAsync(string kind, string ns, string name)
    {
        JsonObject? found = null;
        await UntilAsync(async () => (found = await Cluster.GetAsync("gateway.networking.k8s.io/v1", kind, ns, name)) is not null, $"{kind} {ns}/{name} is in the cluster");
        return found!;
    }

    /// <summary>Waits until a condition of an object has a status and, if given, a reason.</summary>
    public async Task<JsonElement> UntilConditionAsync(string path, string type, string status, string? reason = null)
    {
        JsonElement seen = default;
        await UntilAsync(
            async () =>
            {
                seen = (await Admin.GetAsync(path)).Expect(200).Json;
                return ConditionOf(seen, type) is { } condition && condition.GetProperty("status").GetString() == status
                    && (reason is null || condition.GetProperty("reason").GetString() == reason);
            },
            $"{type}={status} {reason}",
            () => seen.ToString());
        return seen;
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, Func<string>? seen = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Patience)
                Assert.Fail($"Not within {Patience.TotalSeconds:0} s: {what}. {seen?.Invoke()}");
            await Task.Delay(50);
        }
    }

    /// <summary>A condition of an object's status; null: it has none of that type.</summary>
    public static JsonElement? ConditionOf(JsonElement document, string type) =>
        document.TryGetProperty("status", out var status) && status.TryGetProperty("conditions", out var conditions)
            ? conditions.EnumerateArray().Where(condition => condition.GetProperty("type").GetString() == type).Select(static condition => (JsonElement?)condition).FirstOrDefault()
            : null;

    private static bool IsTrue(JsonElement document, string type) => ConditionOf(document, type)?.GetProperty("status").GetString() == "True";
}
