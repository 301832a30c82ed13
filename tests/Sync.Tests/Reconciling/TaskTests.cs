using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>What the API asks of a worker.</summary>
public sealed class TaskTests
{
    [KubernetesFact]
    public async Task Diff_OfATenant_NamesActionsFieldsAndManagers()
    {
        await using var rig = await Rig.CreateAsync();
        var route = HandMade.Route(rig.Owner, rig.Namespace, "shop").With(repairs: false);
        var other = HandMade.ConfigMap(rig.Owner, rig.Namespace, "other", tenant: "another").With(repairs: false);
        rig.Want(route, other);
        rig.Start();
        await rig.SyncedAsync();
        Assert.Empty((await AskAsync(rig, ClusterTaskKind.Diff, "{}"))["items"]!.AsArray());

        await rig.Cluster.ApplyAsync(DriftTests.Edited(route, "/theirs"));
        await rig.Cluster.DeleteAsync("v1", "ConfigMap", rig.Namespace, "other");
        await rig.StandsAsync(route, ObjectState.Drifted);
        await rig.StandsAsync(other, ObjectState.Drifted);

        var answer = await AskAsync(rig, ClusterTaskKind.Diff, """{"tenant":"shop"}""");
        var item = Assert.Single(answer["items"]!.AsArray())!;
        Assert.Equal("repair", (string?)item["action"]);
        Assert.Equal("HTTPRoute", (string?)item["id"]!["kind"]);
        Assert.Equal(TestCluster.Stranger, (string?)item["fields"]![0]!["manager"]);
        Assert.Equal("/", DriftTests.PathOf((JsonObject)item["manifest"]!));
        Assert.Equal(["create", "repair"], (await AskAsync(rig, ClusterTaskKind.Diff, "{}"))["items"]!.AsArray().Select(one => (string)one!["action"]!).Order());
    }

    [KubernetesFact]
    public async Task Survey_OfANamespace_HasWhatOthersRunThere()
    {
        await using var rig = await Rig.CreateAsync();
        rig.Want(HandMade.Route(rig.Owner, rig.Namespace, "ours"));
        rig.Start();
        await rig.SyncedAsync();
        await rig.Cluster.ApplyAsync($$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"{{{rig.Namespace}}}"},"spec":{"ports":[{"port":80,"protocol":"TCP"}]}}""");
        await rig.Cluster.ApplyAsync($$$"""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"secret","namespace":"{{{rig.Namespace}}}"},"data":{"a":"Yg=="}}""");

        var answer = await AskAsync(rig, ClusterTaskKind.Survey, $$$"""{"namespaces":["{{{rig.Namespace}}}"]}""");
        Assert.Equal(("v1", "List"), ((string?)answer["apiVersion"], (string?)answer["kind"]));
        var item = Assert.Single(answer["items"]!.AsArray())!;
        Assert.Equal(("v1", "Service", "web"), ((string?)item["apiVersion"], (string?)item["kind"], (string?)item["metadata"]!["name"]));
        Assert.Null(item["metadata"]!["managedFields"]);
        Assert.Null(item["status"]);
    }

    [KubernetesFact]
    public async Task Task_OfAnUnknownKind_IsAnswered()
    {
        await using var rig = await Rig.CreateAsync();
        rig.Want();
        rig.Start();
        Assert.Contains("update it", (string?)(await AskAsync(rig, "dance", "{}"))["problem"], StringComparison.Ordinal);
    }

    private static async Task<JsonNode> AskAsync(Rig rig, string kind, string request)
    {
        var id = rig.Store.Ask(kind, request);
        await rig.UntilAsync(() => rig.Store.Answers.ContainsKey(id));
        return JsonNode.Parse(rig.Store.Answers[id])!;
    }
}
