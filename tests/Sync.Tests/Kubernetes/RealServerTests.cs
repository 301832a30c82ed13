using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Kubernetes;

public sealed class RealServerTests : IAsyncLifetime, IDisposable
{
    private const string Gateway = "gateway.networking.k8s.io/v1";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private TestCluster _cluster = null!;

    private CancellationToken Timeout => _timeout.Token;

    // A skipped test has no cluster to connect to; xunit makes no instance for it.
    public async Task InitializeAsync() => _cluster = await TestCluster.ConnectAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    public void Dispose() => _timeout.Dispose();

    [KubernetesFact]
    public async Task Discovery_OfGatewayApi_FindsKindsAndVersions()
    {
        Assert.StartsWith("v1.", await _cluster.Api.GetVersionAsync(Timeout), StringComparison.Ordinal);
        Assert.Equal(new ApiKind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", true), await _cluster.Api.FindKindAsync(Gateway, "HTTPRoute", Timeout));
        Assert.Equal(new ApiKind("", "v1", "Namespace", "namespaces", false), await _cluster.Api.FindKindAsync("v1", "Namespace", Timeout));
        Assert.Null(await _cluster.Api.FindKindAsync(Gateway, "NoSuchRoute", Timeout));
        Assert.Null(await _cluster.Api.FindKindAsync("nothing.example/v1", "Nothing", Timeout));
        Assert.Contains("v1", await _cluster.Api.ListVersionsAsync("gateway.networking.k8s.io", Timeout));
        Assert.Empty(await _cluster.Api.ListVersionsAsync("nothing.example", Timeout));
    }

    [KubernetesFact]
    public async Task Apply_NewSameAndChanged_SaysCreatedOnceAndKeepsTheVersionWhenNothingChanges()
    {
        var ns = await _cluster.CreateNamespaceAsync();
        var kind = await _cluster.KindAsync(Gateway, "HTTPRoute");

        var first = await _cluster.Api.ApplyAsync(kind, ns, "web", Route(ns, 90), new ApplyOptions("gatehouse"), Timeout);
        var same = await _cluster.Api.ApplyAsync(kind, ns, "web", Route(ns, 90), new ApplyOptions("gatehouse"), Timeout);
        var dry = await _cluster.Api.ApplyAsync(kind, ns, "web", Route(ns, 50), new ApplyOptions("gatehouse", DryRun: true), Timeout);

        Assert.True(first.Created);
        Assert.False(same.Created);
        Assert.Equal(Version(first.Object), Version(same.Object));
        Assert.Equal(50, Weight(dry.Object));
        Assert.Equal(90, Weight((await _cluster.Api.GetAsync(kind, ns, "web", Timeout))!));
    }

    [KubernetesFact]
    public async Task Apply_AfterAnotherManagersEdit_TellsWhoOwnsWhich()
    {
        var ns = await _cluster.CreateNamespaceAsync();
        var kind = await _cluster.KindAsync(Gateway, "HTTPRoute");
        await _cluster.Api.ApplyAsync(kind, ns, "web", Route(ns, 90), new ApplyOptions("gatehouse"), Timeout);
        await _cluster.ApplyAsync(Encoding.UTF8.GetString(Route(ns, 10).Span));

        var refused = await Assert.ThrowsAsync<KubernetesException>(() => _cluster.Api.ApplyAsync(kind, ns, "web", Route(ns, 90), new ApplyOptions("gatehouse"), Timeout));
        var forced = await _cluster.Api.ApplyAsync(kind, ns, "web", Route(ns, 90), new ApplyOptions("gatehouse", Force: true), Timeout);

        Assert.Equal((409, "Conflict"), (refused.Status, refused.Reason));
        Assert.Equal([new FieldConflict(TestCluster.Stranger, ".spec.rules")], refused.Conflicts);
        Assert.Equal(90, Weight(forced.Object));
    }

    [KubernetesFact]
    public async Task Apply_InvalidOrUnknownFields_IsRefusedWithTheField()
    {
        var ns = await _cluster.CreateNamespaceAsync();
        var kind = await _cluster.KindAsync(Gateway, "HTTPRoute");

        var invalid = await Assert.ThrowsAsync<KubernetesException>(() => _cluster.Api.ApplyAsync(kind, ns, "web", Route(ns, -1), new ApplyOptions("gatehouse"), Timeout));
        var unknown = await Assert.ThrowsAsync<KubernetesException>(() => _cluster.Api.ApplyAsync(kind, ns, "web",
            Encoding.UTF8.GetBytes($$$"""{"apiVersion":"{{{Gateway}}}","kind":"HTTPRoute","metadata":{"name":"web","namespace":"{{{ns}}}"},"spec":{"nonsense":true}}"""), new ApplyOptions("gatehouse"), Timeout));

        Assert.Contains("weight", invalid.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense", unknown.Message, StringComparison.Ordinal);
        Assert.False(invalid.IsTransient);
    }

    [KubernetesFact]
    public async Task Delete_WithPreconditions_OnlyDeletesTheObjectThatIsMeant()
    {
        var ns = await _cluster.CreateNamespaceAsync();
        var kind = await _cluster.KindAsync("v1", "ConfigMap");
        var map = await _cluster.ApplyAsync($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"{{{ns}}}"},"data":{"k":"1"}}""");
        var uid = (string)map["metadata"]!["uid"]!;

        var other = await Assert.ThrowsAsync<KubernetesException>(() => _cluster.Api.DeleteAsync(kind, ns, "a", Guid.NewGuid().ToString(), null, Timeout));
        var older = await Assert.ThrowsAsync<KubernetesException>(() => _cluster.Api.DeleteAsync(kind, ns, "a", uid, "1", Timeout));

        Assert.Equal((409, 409), (other.Status, older.Status));
        Assert.True(await _cluster.Api.DeleteAsync(kind, ns, "a", uid, Version(map), Timeout));
        Assert.False(await _cluster.Api.DeleteAsync(kind, ns, "a", uid, null, Timeout));
        Assert.Null(await _cluster.Api.GetAsync(kind, ns, "a", Timeout));
    }

    [KubernetesFact]
    public async Task List_InSmallPages_HasEveryObjectOnceWithItsKind()
    {
        await using var paged = await TestCluster.ClientAsync(new KubernetesClientOptions { PageSize = 2 });
        var ns = await _cluster.CreateNamespaceAsync();
        for (var index = 0; index < 5; index++)
            await _cluster.ApplyAsync($$$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m{{{{index}}}}","namespace":"{{{{ns}}}}","labels":{"odd":"{{{{index % 2}}}}"}}}""");

        var all = await paged.ListAsync(await _cluster.KindAsync("v1", "ConfigMap"), ns, null, Timeout);
        var odd = await paged.ListAsync(await _cluster.KindAsync("v1", "ConfigMap"), ns, "odd=1", Timeout);

        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], all.Items.Select(Name).Where(name => name.StartsWith('m')));
        Assert.Equal(["m1", "m3"], odd.Items.Select(Name));
        Assert.All(all.Items, item => Assert.Equal(("v1", "ConfigMap"), ((string)item["apiVersion"]!, (string)item["kind"]!)));
        Assert.NotEmpty(all.ResourceVersion);
    }

    [KubernetesFact]
    public async Task Watch_WhileObjectsComeChangeAndGo_TellsEachInOrder()
    {
        var ns = await _cluster.CreateNamespaceAsync();
        var kind = await _cluster.KindAsync(Gateway, "HTTPRoute");
        await _cluster.ApplyAsync(Encoding.UTF8.GetString(Route(ns, 1).Span));
        await using var signals = _cluster.Api.WatchAsync(kind, ns, null, Timeout).GetAsyncEnumerator(Timeout);

        Assert.Equal("web", Name(Assert.Single(Assert.IsType<Relisted>(await NextAsync(signals)).Items)));
        await _cluster.ApplyAsync(Encoding.UTF8.GetString(Route(ns, 2).Span));
        Assert.Equal(2, Weight(Assert.IsType<Changed>(await NextAsync(signals)).Object));
        await _cluster.PatchStatusAsync(Gateway, "HTTPRoute", ns, "web", JsonNode.Parse("""{"parents":[]}""")!);
        Assert.NotNull(Assert.IsType<Changed>(await NextAsync(signals)).Object["status"]);
        await _cluster.DeleteAsync(Gateway, "HTTPRoute", ns, "web");
        Assert.Equal("web", Name(Assert.IsType<Removed>(await NextAsync(signals)).Object));
    }

    private static async Task<WatchSignal> NextAsync(IAsyncEnumerator<WatchSignal> signals)
    {
        do
            Assert.True(await signals.MoveNextAsync());
        while (signals.Current is Alive);
        return signals.Current;
    }

    private static ReadOnlyMemory<byte> Route(string ns, int weight) => Encoding.UTF8.GetBytes($$$"""
        {"apiVersion":"{{{Gateway}}}","kind":"HTTPRoute","metadata":{"name":"web","namespace":"{{{ns}}}"},
         "spec":{"rules":[{"matches":[{"path":{"type":"PathPrefix","value":"/"}}],"backendRefs":[{"group":"","kind":"Service","name":"v1","port":80,"weight":{{{weight}}}}]}]}}
        """);

    private static string Name(JsonObject item) => (string)item["metadata"]!["name"]!;

    private static string Version(JsonObject item) => (string)item["metadata"]!["resourceVersion"]!;

    private static int Weight(JsonObject route) => (int)route["spec"]!["rules"]![0]!["backendRefs"]![0]!["weight"]!;
}
