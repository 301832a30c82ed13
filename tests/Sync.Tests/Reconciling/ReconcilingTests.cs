using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>What is meant gets into a real cluster, and nothing more is written than that.</summary>
public sealed class ReconcilingTests
{
    [KubernetesFact]
    public async Task Objects_Wanted_AreMadeChangedAndPruned()
    {
        await using var rig = await Rig.CreateAsync();
        var gateway = HandMade.Gateway(rig.Owner, rig.Namespace, "web", "http");
        var route = HandMade.Route(rig.Owner, rig.Namespace, "shop");
        rig.Want(gateway, route);
        rig.Start();
        await rig.SyncedAsync();
        Assert.Equal("/", (string?)(await rig.GetAsync(route))!["spec"]!["rules"]![0]!["matches"]![0]!["path"]!["value"]);
        Assert.Equal(ObjectState.Applied, rig.Standing(route)!.State);

        rig.Want(gateway, HandMade.Route(rig.Owner, rig.Namespace, "shop", "/new"));
        await rig.SyncedAsync();
        Assert.Equal("/new", (string?)(await rig.GetAsync(route))!["spec"]!["rules"]![0]!["matches"]![0]!["path"]!["value"]);

        rig.Want(gateway);
        await rig.SyncedAsync();
        Assert.Null(await rig.GetAsync(route));
        // Both are begun in the order of their kinds, and under way together.
        Assert.Equal(["apply Gateway web", "apply HTTPRoute shop"], rig.Api!.Writes.Take(2).Order());
        Assert.Equal(["apply HTTPRoute shop", "delete HTTPRoute shop"], rig.Api!.Writes.Skip(2));
        await rig.UntilAsync(() => rig.Store.Report(rig.Owner, route.Source) is null);
    }

    [KubernetesFact]
    public async Task Worker_StartedAgain_WritesNothing()
    {
        await using var rig = await Rig.CreateAsync();
        var certificate = HandMade.ConfigMap(rig.Owner, rig.Namespace, "ca");
        rig.Want(HandMade.Gateway(rig.Owner, rig.Namespace, "web", "http", "other"), HandMade.Route(rig.Owner, rig.Namespace, "shop"), certificate);
        rig.Start();
        await rig.SyncedAsync();
        Assert.Equal(3, rig.Api!.Writes.Count);
        await rig.StopAsync();
        var saved = rig.Store.Saved.Objects;

        rig.Want(HandMade.Gateway(rig.Owner, rig.Namespace, "web", "http", "other"), HandMade.Route(rig.Owner, rig.Namespace, "shop"), certificate);
        rig.Start();
        await rig.SyncedAsync();

        Assert.Empty(rig.Api!.Writes);
        Assert.Equal(saved, rig.Store.Saved.Objects);
    }

    [KubernetesFact]
    public async Task Report_OfAHostname_FollowsTheGatewayThatServesIt()
    {
        await using var rig = await Rig.CreateAsync();
        var gateway = HandMade.Gateway(rig.Owner, rig.Namespace, "web", "http");
        var hostname = new ResourceKey(ResourceKind.Hostname, "shop", "shop.example.com");
        var projection = HandMadeStates.Projection([gateway]);
        rig.States.Set([rig.Target], _ => projection with
        {
            GatewaysOf = new Dictionary<ResourceKey, IReadOnlyList<ProjectedId>> { [hostname] = [gateway.Id] },
            Sources = new Dictionary<ResourceKey, long>(projection.Sources) { [hostname] = 1 },
        });
        rig.Start();
        await rig.UntilAsync(() => Shown() is { State: ObjectState.Applied });

        await rig.Cluster.PatchStatusAsync(gateway.Id.ApiVersion, "Gateway", rig.Namespace, "web", JsonNode.Parse("""
            {"addresses":[{"type":"IPAddress","value":"192.0.2.1"}],"conditions":[
            {"type":"Programmed","status":"True","reason":"Programmed","message":"","lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1}]}
            """)!);

        await rig.UntilAsync(() => Shown() is { Addresses: [{ Value: "192.0.2.1" }], Conditions: { } conditions } && conditions.Any(static condition => condition is { Type: "Programmed", Status: "True" }));

        ReportedObject? Shown() => rig.Store.Report(rig.Owner, hostname)?.Objects.SingleOrDefault();
    }

    [KubernetesFact]
    public async Task Report_OfARoute_HasWhatTheControllerSays()
    {
        await using var rig = await Rig.CreateAsync();
        var route = HandMade.Route(rig.Owner, rig.Namespace, "shop");
        rig.Want(route);
        rig.Start();
        await rig.SyncedAsync();

        await rig.Cluster.PatchStatusAsync(route.Id.ApiVersion, "HTTPRoute", rig.Namespace, "shop", JsonNode.Parse("""
            {"parents":[{"parentRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"web"},"controllerName":"example.com/c","conditions":[
            {"type":"Accepted","status":"False","reason":"NoMatchingParent","message":"no","lastTransitionTime":"2026-01-01T00:00:00Z","observedGeneration":1}]}]}
            """)!);

        await rig.UntilAsync(() => rig.Standing(route)?.Parents is [{ ControllerName: "example.com/c", Conditions: [{ Reason: "NoMatchingParent", ObservedGeneration: 1 }] }]);
        Assert.Equal(1, rig.Standing(route)!.Generation);
        Assert.Equal(ObjectState.Applied, rig.Standing(route)!.State);
        Assert.Single(rig.Api!.Writes);
    }

    [KubernetesFact]
    public async Task Namespace_Created_IsKeptWhileOthersUseIt()
    {
        await using var rig = await Rig.CreateAsync();
        var name = $"made-{Guid.NewGuid().ToString("n")[..8]}";
        var ns = HandMade.Namespace(rig.Owner, name);
        var map = HandMade.ConfigMap(rig.Owner, name, "ours");
        rig.Want(ns, map);
        rig.Start();
        await rig.SyncedAsync();
        Assert.Equal(["apply Namespace " + name, "apply ConfigMap ours"], rig.Api!.Writes);

        await rig.Cluster.ApplyAsync($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"theirs","namespace":"{{{name}}}"},"data":{"a":"b"}}""");
        rig.Want();
        await rig.UntilAsync(() => rig.Store.Report(rig.Owner, ns.Source)?.Objects is [{ Message: { } message }] && message.Contains("ConfigMap theirs", StringComparison.Ordinal));
        Assert.NotNull(await rig.GetAsync(ns));
        Assert.Null(await rig.GetAsync(map));

        rig.Want(ns);
        await rig.UntilAsync(() => rig.Standing(ns)?.State == ObjectState.Applied);
        await rig.Cluster.DeleteAsync("v1", "ConfigMap", name, "theirs");
        rig.Want();
        await rig.UntilAsync(async () => await rig.GetAsync(ns) is null);
    }

    [KubernetesFact]
    public async Task Namespace_ThatIsNotOurs_IsNeitherTouchedNorFilled()
    {
        await using var rig = await Rig.CreateAsync();
        var before = await rig.Cluster.GetAsync("v1", "Namespace", null, rig.Namespace);
        var ns = HandMade.Namespace(rig.Owner, rig.Namespace);
        var map = HandMade.ConfigMap(rig.Owner, rig.Namespace, "ours");
        rig.Want(ns, map);
        rig.Start();

        await rig.StandsAsync(ns, ObjectState.Foreign);
        var standing = await rig.StandsAsync(map, ObjectState.Failed);
        Assert.Contains("adopt", standing.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Api!.Writes);

        // Adopted: the Namespace is no object of ours any more, and is filled.
        rig.Want(map);
        await rig.StandsAsync(map, ObjectState.Applied);
        Assert.True(JsonNode.DeepEquals(before, await rig.Cluster.GetAsync("v1", "Namespace", null, rig.Namespace)));
    }

    [KubernetesFact]
    public async Task Namespace_MissingForItsObjects_IsNamedAndAwaited()
    {
        await using var rig = await Rig.CreateAsync();
        var name = $"late-{Guid.NewGuid().ToString("n")[..8]}";
        var map = HandMade.ConfigMap(rig.Owner, name, "ours");
        rig.Want(map);
        rig.Start();
        Assert.Contains($"Namespace {name} does not exist", (await rig.StandsAsync(map, ObjectState.Failed)).Message, StringComparison.Ordinal);

        await rig.Cluster.ApplyAsync($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");
        await rig.StandsAsync(map, ObjectState.Applied, 3);
        await rig.Cluster.DeleteAsync("v1", "Namespace", null, name);
    }
}
