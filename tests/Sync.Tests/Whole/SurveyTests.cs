using System.Text.Json;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>What already runs in a cluster is told with the verdict of an import, and left as it is.</summary>
public sealed class SurveyTests(WholeFixture whole) : IClassFixture<WholeFixture>
{
    [KubernetesFact]
    public async Task Survey_OfAdoptedAndOtherNamespaces_GivesVerdictsByTenantAndChangesNothing()
    {
        await whole.AddTenantAsync("surveyed");
        var (adopted, other) = (await whole.Cluster.CreateNamespaceAsync("legacy"), await whole.Cluster.CreateNamespaceAsync("unknown"));
        (await whole.Admin.PutAsync($"/api/v1/clusters/{WholeFixture.ClusterName}/namespaces/surveyed", $$$"""{"spec":{"namespace":"{{{adopted}}}","mode":"Adopted"} }""")).Expect(201);
        await ApplyAsync("v1", "Service", adopted, "web", """{"ports":[{"port":80,"protocol":"TCP"}]}""");
        await ApplyAsync("gateway.networking.k8s.io/v1", "Gateway", adopted, "old", """{"gatewayClassName":"theirs","listeners":[{"name":"http","port":80,"protocol":"HTTP"}]}""");
        var route = await ApplyAsync("gateway.networking.k8s.io/v1", "HTTPRoute", other, "old", $$$"""
            {"hostnames":["old.example.com"],"parentRefs":[{"name":"old","namespace":"{{{adopted}}}"}],"rules":[{"backendRefs":[{"name":"web","namespace":"{{{adopted}}}","port":80}]}]}
            """);
        await ApplyAsync("networking.k8s.io/v1", "Ingress", adopted, "old", """
            {"rules":[{"host":"ingress.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}
            """);

        var survey = (await whole.Admin.PostAsync($"/api/v1/clusters/{WholeFixture.ClusterName}/survey", $$"""{"namespaces":["{{adopted}}","{{other}}"]}""")).Expect(200).Json;

        var namespaces = survey.GetProperty("namespaces").EnumerateArray().Where(static item => item.TryGetProperty("namespace", out _)).ToDictionary(static item => item.GetProperty("namespace").GetString()!);
        Assert.Equal(("surveyed", other), (namespaces[adopted].GetProperty("tenant").GetString(), namespaces[other].GetProperty("tenant").GetString()));
        Assert.Equal(["Gateway old", "Ingress old", "Service web"], Named(namespaces[adopted]).Order(StringComparer.Ordinal));
        Assert.Equal(["HTTPRoute old"], Named(namespaces[other]));
        Assert.All(namespaces[adopted].GetProperty("objects").EnumerateArray(), static item => Assert.Equal("surveyed", item.GetProperty("namespace").GetString()));
        Assert.Equal("exact", namespaces[other].GetProperty("objects")[0].GetProperty("verdict").GetString());
        Assert.Equal(0, (await whole.Admin.GetAsync("/api/v1/tenants/surveyed/gateways")).Expect(200).Json.GetProperty("items").GetArrayLength());
        (await whole.Admin.GetAsync($"/api/v1/tenants/{other}")).Expect(404);
        var after = await whole.Cluster.GetAsync("gateway.networking.k8s.io/v1", "HTTPRoute", other, "old");
        Assert.Equal((string?)route["metadata"]!["resourceVersion"], (string?)after!["metadata"]!["resourceVersion"]);
    }

    private Task<System.Text.Json.Nodes.JsonObject> ApplyAsync(string apiVersion, string kind, string ns, string name, string spec) =>
        whole.Cluster.ApplyAsync($$$"""{"apiVersion":"{{{apiVersion}}}","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}"},"spec":{{{spec}}} }""");

    private static IEnumerable<string> Named(JsonElement ns) =>
        ns.GetProperty("objects").EnumerateArray().Select(static item => $"{item.GetProperty("kind").GetString()} {item.GetProperty("name").GetString()}");
}
