using System.Diagnostics;
using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>What others do to objects of ours, and to objects beside them.</summary>
public sealed class DriftTests
{
    [KubernetesFact]
    public async Task Drift_ByAnotherManager_IsRepairedWithinASecondAndShown()
    {
        await using var rig = await Rig.CreateAsync();
        var route = HandMade.Route(rig.Owner, rig.Namespace, "shop");
        rig.Want(route);
        rig.Start();
        await rig.SyncedAsync();

        await rig.Cluster.ApplyAsync(Edited(route, "/theirs"));
        var took = await rig.UntilAsync(async () => PathOf(await rig.GetAsync(route)) == "/");

        Assert.True(took < TimeSpan.FromSeconds(1), $"It took {took}.");
        Assert.Equal(["apply HTTPRoute shop", "apply HTTPRoute shop", "force HTTPRoute shop"], rig.Api!.Writes);
        await rig.UntilAsync(() => rig.Standing(route) is { State: ObjectState.Applied, Fields: [{ Manager: TestCluster.Stranger }, ..] });
        Assert.Equal(".spec.rules[0].matches[0].path.value", rig.Standing(route)!.Fields[0].Path);
        Assert.Contains("put right", rig.Standing(route)!.Message, StringComparison.Ordinal);
    }

    [KubernetesFact]
    public async Task Object_DeletedByHandOrStrippedOfItsLabels_ComesBack()
    {
        await using var rig = await Rig.CreateAsync();
        var route = HandMade.Route(rig.Owner, rig.Namespace, "shop");
        var map = HandMade.ConfigMap(rig.Owner, rig.Namespace, "map");
        rig.Want(route, map);
        rig.Start();
        await rig.SyncedAsync();

        await rig.Cluster.DeleteAsync(route.Id.ApiVersion, "HTTPRoute", rig.Namespace, "shop");
        await rig.UntilAsync(async () => await rig.GetAsync(route) is not null, 2);

        await StripAsync(rig, map);
        await rig.UntilAsync(async () => (string?)(await rig.GetAsync(map))!["metadata"]!["labels"]?[ObjectMarks.Owner] == rig.Owner.ToString(), 2);
        await rig.UntilAsync(() => rig.Standing(map) is { State: ObjectState.Applied, Message: not null });
    }

    [KubernetesFact]
    public async Task Drift_ToBeReportedOnly_IsShownUntilTheIntentChanges()
    {
        await using var rig = await Rig.CreateAsync();
        var route = HandMade.Route(rig.Owner, rig.Namespace, "shop").With(repairs: false);
        rig.Want(route);
        rig.Start();
        await rig.SyncedAsync();

        await rig.Cluster.ApplyAsync(Edited(route, "/theirs"));
        var standing = await rig.StandsAsync(route, ObjectState.Drifted);
        Assert.Contains(new ReportedField(".spec.rules[0].matches[0].path.value", TestCluster.Stranger), standing.Fields);
        Assert.Single(rig.Api!.Writes);

        rig.Want(HandMade.Route(rig.Owner, rig.Namespace, "shop", "/ours").With(repairs: false));
        standing = await rig.StandsAsync(route, ObjectState.Conflict);
        Assert.Contains(standing.Fields, field => field.Manager.Contains(TestCluster.Stranger, StringComparison.Ordinal) && field.Path == ".spec.rules");
        Assert.Equal("/theirs", PathOf(await rig.GetAsync(route)));
        Assert.DoesNotContain(rig.Api.Writes, write => write.StartsWith("force", StringComparison.Ordinal));

        await rig.Cluster.DeleteAsync(route.Id.ApiVersion, "HTTPRoute", rig.Namespace, "shop");
        await rig.StandsAsync(route, ObjectState.Applied, 40);
        Assert.Equal("/ours", PathOf(await rig.GetAsync(route)));

        await rig.Cluster.DeleteAsync(route.Id.ApiVersion, "HTTPRoute", rig.Namespace, "shop");
        Assert.Contains("deleted", (await rig.StandsAsync(route, ObjectState.Drifted)).Message, StringComparison.Ordinal);
    }

    [KubernetesFact]
    public async Task Object_OfSomebodyElse_IsRefusedUntilItIsGone()
    {
        await using var rig = await Rig.CreateAsync();
        var route = HandMade.Route(rig.Owner, rig.Namespace, "shop");
        var theirs = (JsonObject)route.Manifest.DeepClone();
        theirs["metadata"] = new JsonObject { ["name"] = "shop", ["namespace"] = rig.Namespace };
        var before = await rig.Cluster.ApplyAsync(theirs);
        rig.Want(route);
        rig.Start();

        var standing = await rig.StandsAsync(route, ObjectState.Foreign);
        Assert.Contains("not Gatehouse's", standing.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Api!.Writes);
        Assert.True(JsonNode.DeepEquals(before, await rig.GetAsync(route)));

        // Another installation's mark is a mark of somebody else, whoever applied it.
        var other = HandMade.Route(Guid.NewGuid(), rig.Namespace, "other");
        await rig.Cluster.ApplyAsync((JsonObject)other.Manifest.DeepClone(), ObjectMarks.FieldManager);
        var ours = HandMade.Route(rig.Owner, rig.Namespace, "other");
        rig.Want(route, ours);
        Assert.Contains("another Gatehouse", (await rig.StandsAsync(ours, ObjectState.Foreign)).Message, StringComparison.Ordinal);
        Assert.Empty(rig.Api.Writes);
    }

    [KubernetesFact]
    public async Task Fields_OfOthersBesideOurs_AreLeftAlone()
    {
        await using var rig = await Rig.CreateAsync();
        var gateway = HandMade.Gateway(rig.Owner, rig.Namespace, "web", "http");
        rig.Want(gateway);
        rig.Start();
        await rig.SyncedAsync();

        await rig.Cluster.ApplyAsync($$$"""
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"Gateway","metadata":{"name":"web","namespace":"{{{rig.Namespace}}}","annotations":{"theirs":"1"}},
            "spec":{"gatewayClassName":"test","listeners":[{"name":"extra","port":9000,"protocol":"HTTP"}]}}
            """, force: false);
        await Task.Delay(1_000);

        Assert.Single(rig.Api!.Writes);
        Assert.Equal(2, (await rig.GetAsync(gateway))!["spec"]!["listeners"]!.AsArray().Count);
    }

    [KubernetesFact]
    public async Task Weights_OfAnotherController_AreReadBackAndReported()
    {
        await using var rig = await Rig.CreateAsync();
        var route = HandMade.Route(rig.Owner, rig.Namespace, "shop", weight: 100).With(externalWeights: true);
        rig.Want(route);
        rig.Start();
        await rig.SyncedAsync();

        var moved = Edited(route, "/");
        moved["spec"]!["rules"]![0]!["backendRefs"]![0]!["weight"] = 80;
        moved["spec"]!["rules"]![0]!["backendRefs"]![1]!["weight"] = 20;
        await rig.Cluster.ApplyAsync(moved, "rollouts-controller");
        await rig.UntilAsync(() => rig.Standing(route)?.Weights is [[80, 20]]);
        Assert.Single(rig.Api!.Writes);
        Assert.Equal(ObjectState.Applied, rig.Standing(route)!.State);

        rig.Want(HandMade.Route(rig.Owner, rig.Namespace, "shop", "/v2", weight: 100).With(externalWeights: true));
        await rig.UntilAsync(async () => PathOf(await rig.GetAsync(route)) == "/v2");
        Assert.Equal(80, (int)(await rig.GetAsync(route))!["spec"]!["rules"]![0]!["backendRefs"]![0]!["weight"]!);
    }

    [KubernetesFact]
    public async Task Object_ThatSomebodyKeepsChanging_IsContestedAndLeftForAMinute()
    {
        await using var rig = await Rig.CreateAsync();
        var map = HandMade.ConfigMap(rig.Owner, rig.Namespace, "map");
        rig.Want(map);
        rig.Start();
        await rig.SyncedAsync();

        for (var i = 0; i < 5; i++)
        {
            await rig.Cluster.ApplyAsync(EditedMap(map, $"theirs-{i}"));
            await rig.UntilAsync(async () => ValueOf(await rig.GetAsync(map)) == "1");
        }
        await rig.StandsAsync(map, ObjectState.Contested);
        await rig.Cluster.ApplyAsync(EditedMap(map, "again"));
        await Task.Delay(1_500);

        Assert.Equal("again", ValueOf(await rig.GetAsync(map)));
        var standing = await rig.StandsAsync(map, ObjectState.Contested);
        Assert.Contains(new ReportedField(".data.value", TestCluster.Stranger), standing.Fields);

        // What is meant is no repair: it is not held up.
        rig.Want(HandMade.ConfigMap(rig.Owner, rig.Namespace, "map", "2"));
        await rig.UntilAsync(async () => ValueOf(await rig.GetAsync(map)) == "2");
    }

    internal static JsonObject Edited(ProjectedObject route, string path)
    {
        var edited = new JsonObject
        {
            ["apiVersion"] = route.Id.ApiVersion,
            ["kind"] = route.Id.Kind,
            ["metadata"] = new JsonObject { ["name"] = route.Id.Name, ["namespace"] = route.Id.Namespace },
            ["spec"] = new JsonObject { ["rules"] = route.Manifest["spec"]!["rules"]!.DeepClone() },
        };
        edited["spec"]!["rules"]![0]!["matches"]![0]!["path"]!["value"] = path;
        return edited;
    }

    internal static string? PathOf(JsonObject? route) => (string?)route?["spec"]!["rules"]![0]!["matches"]![0]!["path"]!["value"];

    private static JsonObject EditedMap(ProjectedObject map, string value) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = map.Id.Name, ["namespace"] = map.Id.Namespace },
        ["data"] = new JsonObject { ["value"] = value },
    };

    private static string? ValueOf(JsonObject? map) => (string?)map?["data"]?["value"];

    private static async Task StripAsync(Rig rig, ProjectedObject one)
    {
        using var process = Process.Start(new ProcessStartInfo("kubectl", ["--kubeconfig", TestCluster.KubeconfigPath!, "label", one.Id.Kind, one.Id.Name, "-n", rig.Namespace, $"{ObjectMarks.ManagedBy}-", $"{ObjectMarks.Owner}-", $"{ObjectMarks.Tenant}-"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
