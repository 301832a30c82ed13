using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Tests.Harness;
using Gatehouse.Testing.Certificates;
using Xunit;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>What would be applied, for GitOps.</summary>
public sealed class ManifestTests(WholeFixture whole) : IClassFixture<WholeFixture>
{
    private const string Manifests = $"/api/v1/clusters/{WholeFixture.ClusterName}/manifests";

    [KubernetesFact]
    public async Task Manifests_OfATenant_AreWhatTheClusterHasWithoutPrivateKeys()
    {
        await whole.AddSiteAsync("plain", "plain.example.com");
        var pair = TestKeyPair.Ec("plain.example.com");
        await whole.PutAsync("plain", "certificates/web", JsonSerializer.Serialize(new { certificate = pair.Certificate, privateKey = pair.PrivateKey }));
        await whole.UntilConditionAsync("/api/v1/tenants/plain/httproutes/web", "Projected", "True");
        await whole.UntilConditionAsync("/api/v1/tenants/plain/certificates/web", "Projected", "True");

        var yaml = (await whole.As("plain", "viewer").GetAsync($"{Manifests}?tenant=plain")).Expect(200).Text;
        var items = (await whole.Admin.GetAsync($"{Manifests}?tenant=plain&format=json")).Expect(200).Json.GetProperty("items").EnumerateArray().Select(static item => JsonObject.Create(item)!).ToList();

        Assert.All(pair.Traces, trace => Assert.DoesNotContain(trace, yaml, StringComparison.Ordinal));
        var documents = yaml.Split("---\n", StringSplitOptions.RemoveEmptyEntries).Where(static document => document.Contains("kind:", StringComparison.Ordinal)).ToList();
        Assert.Equal(items.Count, documents.Count);
        Assert.Superset(new HashSet<string> { "HTTPRoute", "Service", "EndpointSlice", "Secret", "Namespace" }, items.Select(static item => (string)item["kind"]!).ToHashSet());
        foreach (var (item, document) in items.Zip(documents))
            await ChangesNothingAsync(item, document);
    }

    [KubernetesFact]
    public async Task Diff_AfterAnEditByHand_NamesTheFieldAndWhoChangedIt()
    {
        await whole.AddSiteAsync("edited", "edited.example.com");
        (await whole.Admin.PatchAsync("/api/v1/tenants/edited/httproutes/web", """{"annotations":{"gatehouse.dev/drift":"report"}}""")).Expect(200);
        await whole.UntilConditionAsync("/api/v1/tenants/edited/httproutes/web", "Projected", "True");
        await WholeFixture.UntilAsync(async () => (await DiffAsync("edited")).Count == 0, "nothing differs");

        var route = await whole.RouteAsync("edited");
        await whole.Cluster.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = (string)route["apiVersion"]!,
            ["kind"] = "HTTPRoute",
            ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = whole.NamespaceOf("edited") },
            ["spec"] = new JsonObject { ["hostnames"] = new JsonArray("stolen.example.com") },
        });

        await WholeFixture.UntilAsync(async () => (await DiffAsync("edited")).Count > 0, "the edit is seen");
        var item = Assert.Single(await DiffAsync("edited"));
        Assert.Equal(("repair", "HTTPRoute", "web"), (item.GetProperty("action").GetString(), item.GetProperty("id").GetProperty("kind").GetString(), item.GetProperty("id").GetProperty("name").GetString()));
        var field = item.GetProperty("fields")[0];
        Assert.StartsWith(".spec.hostnames", field.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Equal(TestCluster.Stranger, field.GetProperty("manager").GetString());
        Assert.Equal("edited.example.com", item.GetProperty("manifest").GetProperty("spec").GetProperty("hostnames")[0].GetString());
    }

    private async Task<List<JsonElement>> DiffAsync(string tenant) =>
        [.. (await whole.Admin.GetAsync($"{Manifests}?tenant={tenant}&diff=true")).Expect(200).Json.GetProperty("answer").GetProperty("items").EnumerateArray()];

    // The server itself says whether they are equal: an apply that changes nothing keeps the version.
    private async Task ChangesNothingAsync(JsonObject item, string document)
    {
        var metadata = item["metadata"]!;
        var kind = await whole.Cluster.KindAsync((string)item["apiVersion"]!, (string)item["kind"]!);
        var (ns, name) = ((string?)metadata["namespace"], (string)metadata["name"]!);
        var stored = (await whole.Cluster.Api.GetAsync(kind, ns, name, CancellationToken.None))!;
        if (kind.Kind == "Secret")
        {
            Assert.Equal((string?)stored["data"]!["tls.crt"], (string?)item["data"]!["tls.crt"]);
            Assert.Null(item["data"]!["tls.key"]);
            return;
        }
        var applied = await whole.Cluster.Api.ApplyAsync(kind, ns, name, Encoding.UTF8.GetBytes(document), new ApplyOptions(ObjectMarks.FieldManager, DryRun: true), CancellationToken.None);
        Assert.True(
            (string?)stored["metadata"]!["resourceVersion"] == (string?)applied.Object["metadata"]!["resourceVersion"] && JsonNode.DeepEquals(stored["spec"], applied.Object["spec"]),
            $"{kind.Kind} {name} would change.\n{document}\n{stored}");
    }
}
