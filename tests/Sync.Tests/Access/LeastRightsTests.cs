using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Tests.Harness;
using Gatehouse.Sync.Tests.Reconciling;
using Gatehouse.Sync.Writing;
using Xunit;

namespace Gatehouse.Sync.Tests.Access;

/// <summary>The role of infra/kubernetes is enough for all that a worker does, and for nothing else.</summary>
public sealed class LeastRightsTests
{
    [RestrictedFact]
    public async Task Worker_WithTheRoleAlone_MakesChangesRepairsAndDeletesEveryKind()
    {
        await using var rig = await CreateAsync();
        var ns = $"{rig.Namespace}-made";
        var objects = await EveryKindAsync(rig, ns, "1");
        rig.Want(objects);
        rig.Start(connect: ConnectAsync(rig));
        await rig.SyncedAsync();
        foreach (var one in objects)
            await rig.StandsAsync(one, ObjectState.Applied);
        Assert.True(rig.Report!.Reachable);
        Assert.Null(rig.Report.Problem);
        Assert.NotNull(rig.Report.ServerVersion);
        Assert.NotNull(rig.Report.BundleVersion);
        Assert.NotNull(rig.Report.Classes);

        // A change of ours, then one of somebody else, which needs a watch and force.
        var changed = await EveryKindAsync(rig, ns, "2");
        rig.Want(changed);
        await rig.SyncedAsync();
        foreach (var one in changed)
            await rig.UntilAsync(async () => LabelOf(await rig.GetAsync(one)) == "2");
        var route = changed.Single(one => one.Id.Kind == "HTTPRoute");
        await rig.Cluster.ApplyAsync(DriftTests.Edited(route, "/theirs"));
        await rig.UntilAsync(async () => DriftTests.PathOf((await rig.GetAsync(route))!) == "/");

        // The Namespace goes last, once everything that could be in it was looked for.
        rig.Store.ChangedSince = new HashSet<ResourceKey> { new("Tenant", ResourceKind.PlatformTenant, "shop"), new(ResourceKind.Gateway, ResourceKind.PlatformTenant, "web") };
        rig.Want();
        await rig.UntilAsync(async () => await rig.Cluster.GetAsync("v1", "Namespace", null, ns) is null);
        Assert.All(rig.Api!.Writes, write => Assert.True(write.StartsWith("apply ", StringComparison.Ordinal) || write.StartsWith("delete ", StringComparison.Ordinal) || write.StartsWith("force HTTPRoute", StringComparison.Ordinal), write));
        Assert.Equal(objects.Length, rig.Api.Writes.Count(write => write.StartsWith("delete", StringComparison.Ordinal)));
    }

    [RestrictedFact]
    public async Task Survey_WithTheRoleAlone_ReadsWhatOthersRun()
    {
        await using var rig = await CreateAsync();
        rig.Want();
        rig.Start(connect: ConnectAsync(rig));
        await rig.Cluster.ApplyAsync($$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"{{{rig.Namespace}}}"},"spec":{"ports":[{"port":80,"protocol":"TCP"}]}}""");
        await rig.SyncedAsync();
        var id = rig.Store.Ask(ClusterTaskKind.Survey, $$$"""{"namespaces":["{{{rig.Namespace}}}"]}""");
        await rig.UntilAsync(() => rig.Store.Answers.ContainsKey(id));
        Assert.Equal("web", (string?)JsonNode.Parse(rig.Store.Answers[id])!["items"]?[0]!["metadata"]!["name"]);
        await using var user = await RestrictedUser.ClientAsync();
        await AssertMayListAsync(user, new ApiKind("networking.k8s.io", "v1", "Ingress", "ingresses", true), rig.Namespace);
    }

    [RestrictedFact]
    public async Task Namespace_WithTheRoleAlone_IsSearchedForEveryKind()
    {
        await using var admin = await TestCluster.ConnectAsync();
        await RestrictedUser.BindAsync(admin);
        var ns = await admin.CreateNamespaceAsync("rights");
        await using var user = await RestrictedUser.ClientAsync();
        foreach (var (apiVersion, kind) in NamespaceContents.Kinds)
        {
            var parts = apiVersion.Split('/');
            await AssertMayListAsync(user, new ApiKind(parts.Length == 2 ? parts[0] : "", parts[^1], kind, PluralOf(kind), true), ns);
        }
        Assert.Null(await new NamespaceContents(user).KeeperAsync(ns, Guid.NewGuid().ToString(), default));
    }

    [RestrictedTheory]
    [InlineData("", "v1", "Pod", "pods", true)]
    [InlineData("", "v1", "ServiceAccount", "serviceaccounts", true)]
    [InlineData("apps", "v1", "Deployment", "deployments", true)]
    [InlineData("networking.k8s.io", "v1", "Ingress", "ingresses", true)]
    [InlineData("rbac.authorization.k8s.io", "v1", "Role", "roles", true)]
    [InlineData("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false)]
    [InlineData("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false)]
    [InlineData("gateway.networking.k8s.io", "v1", "GatewayClass", "gatewayclasses", false)]
    [InlineData("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false)]
    [InlineData("coordination.k8s.io", "v1", "Lease", "leases", true)]
    public async Task Write_OutsideOfTheRole_IsRefused(string group, string version, string kind, string plural, bool isNamespaced)
    {
        await using var admin = await TestCluster.ConnectAsync();
        await RestrictedUser.BindAsync(admin);
        await using var user = await RestrictedUser.ClientAsync();
        var found = new ApiKind(group, version, kind, plural, isNamespaced);
        var ns = isNamespaced ? "default" : null;
        var manifest = Encoding.UTF8.GetBytes($$$"""{"apiVersion":"{{{found.ApiVersion}}}","kind":"{{{kind}}}","metadata":{"name":"stranger"}}""");
        await AssertRefusedAsync(() => user.ApplyAsync(found, ns, "stranger", manifest, new ApplyOptions("gatehouse"), default));
        await AssertRefusedAsync(() => user.DeleteAsync(found, ns, "stranger", null, null, default));
        await AssertRefusedAsync(() => user.GetAsync(found, ns, "stranger", default));
    }

    [RestrictedFact]
    public async Task StatusAndOtherReads_OutsideOfTheRole_AreRefused()
    {
        await using var admin = await TestCluster.ConnectAsync();
        await RestrictedUser.BindAsync(admin);
        await using var user = await RestrictedUser.ClientAsync();
        var status = Encoding.UTF8.GetBytes("""{"apiVersion":"gateway.networking.k8s.io/v1","kind":"Gateway","metadata":{"name":"web"},"status":{}}""");
        await AssertRefusedAsync(() => ((KubernetesApi)user).ApplyStatusAsync(new ApiKind("gateway.networking.k8s.io", "v1", "Gateway", "gateways", true), "default", "web", status, new ApplyOptions("gatehouse"), default));
        await AssertRefusedAsync(() => user.ListAsync(new ApiKind("", "v1", "Node", "nodes", false), null, null, default));
        await AssertRefusedAsync(() => user.ListAsync(new ApiKind("", "v1", "Event", "events", true), "default", null, default));
        await AssertRefusedAsync(() => user.ListAsync(new ApiKind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false), null, null, default));
    }

    private static async Task<Rig> CreateAsync()
    {
        var rig = await Rig.CreateAsync();
        await RestrictedUser.BindAsync(rig.Cluster);
        return rig;
    }

    private static Func<ClusterTarget, Task<IKubernetesApi>> ConnectAsync(Rig rig) => async _ => rig.Count(await RestrictedUser.ClientAsync());

    // Nothing more than a Namespace, and what the schemas of each kind ask for at least.
    private static async Task<ProjectedObject[]> EveryKindAsync(Rig rig, string ns, string label)
    {
        var objects = new List<ProjectedObject> { HandMade.Namespace(rig.Owner, ns) };
        foreach (var (apiVersion, kind) in WatchKinds.Core.Where(core => core.Kind != "Namespace"))
            objects.Add(Make(apiVersion, kind));
        foreach (var kind in WatchKinds.Gateway)
        {
            foreach (var version in (string[])["v1", "v1beta1", "v1alpha3", "v1alpha2"])
            {
                if (await rig.Cluster.Api.FindKindAsync($"{WatchKinds.GatewayGroup}/{version}", kind, default) is null)
                    continue;
                objects.Add(Make($"{WatchKinds.GatewayGroup}/{version}", kind));
                break;
            }
        }
        Assert.Equal(WatchKinds.Core.Count + WatchKinds.Gateway.Count, objects.Count);
        return [.. objects.Select(one => Labelled(one, label))];

        ProjectedObject Make(string apiVersion, string kind) =>
            HandMade.Object(rig.Owner, apiVersion, kind, ns, "web", new ResourceKey(kind, "shop", "web"), (JsonObject)JsonNode.Parse(ContentOf(kind))!);
    }

    private static ProjectedObject Labelled(ProjectedObject one, string label)
    {
        var hash = $"{one.Hash}-{label}";
        one.Manifest["metadata"]!["labels"]!["try"] = label;
        one.Manifest["metadata"]!["annotations"]![ObjectMarks.Hash] = hash;
        return new ProjectedObject { Id = one.Id, Manifest = one.Manifest, Source = one.Source, SourceGeneration = one.SourceGeneration, Hash = hash };
    }

    private static string ContentOf(string kind) => kind switch
    {
        "Secret" => """{"type":"Opaque","data":{"a":"Yg=="}}""",
        "ConfigMap" => """{"data":{"a":"b"}}""",
        "Service" => """{"spec":{"clusterIP":"None","ports":[{"name":"http","port":80,"protocol":"TCP"}]}}""",
        "EndpointSlice" => """{"addressType":"IPv4","endpoints":[{"addresses":["192.0.2.1"]}],"ports":[{"name":"http","port":80,"protocol":"TCP"}]}""",
        "Gateway" => """{"spec":{"gatewayClassName":"test","listeners":[{"name":"http","port":80,"protocol":"HTTP","allowedRoutes":{"namespaces":{"from":"Same"}}}]}}""",
        "ListenerSet" => """{"spec":{"parentRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"web"},"listeners":[{"name":"more","port":81,"protocol":"HTTP","allowedRoutes":{"namespaces":{"from":"Same"}}}]}}""",
        "HTTPRoute" => """{"spec":{"rules":[{"matches":[{"path":{"type":"PathPrefix","value":"/"}}]}]}}""",
        "GRPCRoute" => """{"spec":{"hostnames":["grpc.example.com"]}}""",
        "ReferenceGrant" => """{"spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"default"}],"to":[{"group":"","kind":"Service"}]}}""",
        "BackendTLSPolicy" => """{"spec":{"targetRefs":[{"group":"","kind":"Service","name":"web"}],"validation":{"hostname":"web.example.com","wellKnownCACertificates":"System"}}}""",
        "TLSRoute" => """{"spec":{"hostnames":["tls.example.com"],"rules":[{"backendRefs":[{"group":"","kind":"Service","name":"web","port":80,"weight":1}]}]}}""",
        "TCPRoute" or "UDPRoute" => """{"spec":{"rules":[{"backendRefs":[{"group":"","kind":"Service","name":"web","port":80,"weight":1}]}]}}""",
        _ => throw new ArgumentException($"No content for {kind}.", nameof(kind)),
    };

    private static string? LabelOf(JsonObject? json) => (string?)json?["metadata"]?["labels"]?["try"];

    private static string PluralOf(string kind) => kind switch
    {
        "Ingress" => "ingresses",
        "NetworkPolicy" => "networkpolicies",
        _ => $"{kind.ToLowerInvariant()}s",
    };

    // What the server does not serve at all it says only to those who may ask for it.
    private static async Task AssertMayListAsync(IKubernetesApi user, ApiKind kind, string ns)
    {
        try
        {
            await user.ListAsync(kind, ns, null, default);
        }
        catch (KubernetesException missing) when (missing.Status == 404)
        {
            return;
        }
    }

    private static async Task AssertRefusedAsync(Func<Task> request) => Assert.Equal(403, (await Assert.ThrowsAsync<KubernetesException>(request)).Status);
}
