using Gatehouse.Api.Tests.Rest;
using Xunit;

namespace Gatehouse.Api.Tests.Import;

public sealed class ImportSemanticsTests(ImportFixture api) : IClassFixture<ImportFixture>
{
    private static string Route(string tenant, string name, string hostname = "a.example.com") => $$"""
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: {{name}}, namespace: {{tenant}}}
        spec:
          hostnames: ["{{hostname}}"]
          rules: [{backendRefs: [{name: b, port: 80}]}]

        """;

    private static string Namespace(string name, string labels = "{}") => $"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {labels}}}\n";

    [Fact]
    public async Task Import_Repeated_ChangesNothingAndCostsNoRevision()
    {
        var text = Namespace("again") + Route("again", "web");
        (await api.ImportAsync(text, "?source=again&prune=true")).Expect(200).Expect("HTTPRoute", "web", "exact", "created");
        var before = (await api.Admin.GetAsync("/api/v1/tenants/again/httproutes/web")).Expect(200);
        var revisions = (await api.Admin.GetAsync("/api/v1/tenants/again/revisions")).Expect(200).Json.GetProperty("items").GetArrayLength();

        var repeated = (await api.ImportAsync(text, "?source=again&prune=true")).Expect(200);

        repeated.Expect("HTTPRoute", "web", "exact", "unchanged");
        repeated.Expect("Namespace", "again", "exact", "unchanged");
        var after = (await api.Admin.GetAsync("/api/v1/tenants/again/httproutes/web")).Expect(200);
        Assert.Equal(before.ETag, after.ETag);
        Assert.Equal(revisions, (await api.Admin.GetAsync("/api/v1/tenants/again/revisions")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Import_ChangedSpec_GrowsTheGenerationAndKeepsTheAge()
    {
        (await api.ImportAsync(Route("grow", "web"), "?source=grow")).Expect(200);
        var before = (await api.Admin.GetAsync("/api/v1/tenants/grow/httproutes/web")).Expect(200).Json;
        (await api.ImportAsync(Route("grow", "web").Replace("name: web,", "name: web, labels: {a: b},", StringComparison.Ordinal), "?source=grow")).Expect(200)
            .Expect("HTTPRoute", "web", "exact", "updated");
        var labelled = (await api.Admin.GetAsync("/api/v1/tenants/grow/httproutes/web")).Expect(200).Json;
        (await api.ImportAsync(Route("grow", "web", "b.example.com"), "?source=grow")).Expect(200).Expect("HTTPRoute", "web", "exact", "updated");
        var after = (await api.Admin.GetAsync("/api/v1/tenants/grow/httproutes/web")).Expect(200).Json;

        Assert.Equal([1, 1, 2], new[] { before, labelled, after }.Select(json => json.GetProperty("generation").GetInt32()));
        Assert.Equal(before.GetProperty("createdAt").GetString(), after.GetProperty("createdAt").GetString());
        Assert.Equal("b.example.com", after.GetProperty("spec").GetProperty("hostnames")[0].GetString());
    }

    [Fact]
    public async Task Import_Pruning_DeletesWhatTheSourceHadInAnyTenantAndNothingElse()
    {
        (await api.Admin.PutAsync("/api/v1/tenants/prune-a", "{}")).Expect(201);
        (await api.Admin.PutAsync("/api/v1/tenants/prune-a/httproutes/by-hand", """{"spec":{}}""")).Expect(201);
        (await api.ImportAsync(Route("prune-a", "other"), "?source=prune-other")).Expect(200);
        (await api.ImportAsync(Route("prune-a", "gone") + Route("prune-a", "stays") + Route("prune-b", "gone"), "?source=prune")).Expect(200);

        var pruned = (await api.ImportAsync(Route("prune-a", "stays"), "?source=prune&prune=true")).Expect(200);

        Assert.Equal(["prune-a/gone", "prune-b/gone"], pruned.Json.GetProperty("pruned").EnumerateArray().Select(entry => $"{entry.GetProperty("tenant")}/{entry.GetProperty("name")}"));
        Assert.Equal(2, pruned.Count("pruned"));
        (await api.Admin.GetAsync("/api/v1/tenants/prune-a/httproutes/gone")).Expect(404);
        (await api.Admin.GetAsync("/api/v1/tenants/prune-b/httproutes/gone")).Expect(404);
        (await api.Admin.GetAsync("/api/v1/tenants/prune-b")).Expect(200);
        foreach (var name in new[] { "stays", "by-hand", "other" })
            (await api.Admin.GetAsync($"/api/v1/tenants/prune-a/httproutes/{name}")).Expect(200);
    }

    [Fact]
    public async Task Import_RefusedObject_IsNotAbsent()
    {
        (await api.ImportAsync(Route("skip", "web"), "?source=skip&prune=true")).Expect(200);
        var answer = (await api.ImportAsync(Route("skip", "web").Replace("port: 80", "port: 0", StringComparison.Ordinal), "?source=skip&prune=true")).Expect(200);
        answer.Expect("HTTPRoute", "web", "refused", "none");
        Assert.Equal(0, answer.Count("pruned"));
        (await api.Admin.GetAsync("/api/v1/tenants/skip/httproutes/web")).Expect(200);
    }

    [Fact]
    public async Task Import_EmptyWithPrune_DeletesAllOfTheSource()
    {
        (await api.ImportAsync(Route("empty", "web"), "?source=empty")).Expect(200);
        Assert.Equal(1, (await api.ImportAsync("", "?source=empty&prune=true")).Expect(200).Count("pruned"));
        (await api.Admin.GetAsync("/api/v1/tenants/empty/httproutes/web")).Expect(404);
    }

    [Fact]
    public async Task Import_EditedByHand_LeavesTheObjectAloneUntilTakeover()
    {
        (await api.ImportAsync(Route("detach", "web"), "?source=detach")).Expect(200);
        (await api.Admin.PatchAsync("/api/v1/tenants/detach/httproutes/web", """{"spec":{"hostnames":["hand.example.com"]}}""")).Expect(200);

        Assert.Contains("takeover=true", (await api.ImportAsync(Route("detach", "web"), "?source=detach&prune=true")).Expect(200).Expect("HTTPRoute", "web", "ignored", "none"), StringComparison.Ordinal);
        Assert.Equal(0, (await api.ImportAsync("", "?source=detach&prune=true")).Expect(200).Count("pruned"));
        Assert.Contains("hand.example.com", (await api.Admin.GetAsync("/api/v1/tenants/detach/httproutes/web")).Text, StringComparison.Ordinal);

        (await api.ImportAsync(Route("detach", "web"), "?source=detach&takeover=true")).Expect(200).Expect("HTTPRoute", "web", "exact", "updated");
        Assert.Equal(1, (await api.ImportAsync("", "?source=detach&prune=true")).Expect(200).Count("pruned"));
    }

    [Fact]
    public async Task Import_LabelsEditedByHand_StaysTheSources()
    {
        (await api.ImportAsync(Route("labels", "web"), "?source=labels")).Expect(200);
        (await api.Admin.PatchAsync("/api/v1/tenants/labels/httproutes/web", """{"labels":{"a":"b"}}""")).Expect(200);
        (await api.ImportAsync(Route("labels", "web"), "?source=labels")).Expect(200).Expect("HTTPRoute", "web", "exact", "updated");
    }

    [Fact]
    public async Task Import_AnotherSourcesObject_IsRefusedUntilTakeover()
    {
        (await api.ImportAsync(Route("sources", "web"), "?source=one")).Expect(200);
        Assert.Contains("`one`", (await api.ImportAsync(Route("sources", "web", "two.example.com"), "?source=two")).Expect(200).Expect("HTTPRoute", "web", "refused", "none"), StringComparison.Ordinal);
        (await api.ImportAsync(Route("sources", "web", "two.example.com"), "?source=two&takeover=true")).Expect(200).Expect("HTTPRoute", "web", "exact", "updated");
        (await api.ImportAsync(Route("sources", "web"), "?source=one")).Expect(200).Expect("HTTPRoute", "web", "refused", "none");
    }

    [Fact]
    public async Task Import_TenantsAndPlatformsSourceOfOneName_AreTwo()
    {
        (await api.ImportIntoAsync("shop", "editor", Route("shop", "scoped"), "?source=same")).Expect(200).Expect("HTTPRoute", "scoped", "exact", "created");
        (await api.ImportAsync(Route("shop", "scoped", "p.example.com"), "?source=same")).Expect(200).Expect("HTTPRoute", "scoped", "refused", "none");
        Assert.Equal(0, (await api.ImportAsync("", "?source=same&prune=true")).Expect(200).Count("pruned"));
        Assert.Equal(0, (await api.ImportIntoAsync("payments", "editor", "", "?source=same&prune=true")).Expect(200).Count("pruned"));
        Assert.Equal(1, (await api.ImportIntoAsync("shop", "editor", "", "?source=same&prune=true")).Expect(200).Count("pruned"));
    }

    [Fact]
    public async Task Import_DryRun_AnswersTheSameAndChangesNothing()
    {
        var answer = (await api.ImportAsync(Namespace("dry") + Route("dry", "web"), "?source=dry&dryRun=true")).Expect(200);

        answer.Expect("HTTPRoute", "web", "exact", "created");
        Assert.True(answer.Json.GetProperty("dryRun").GetBoolean());
        (await api.Admin.GetAsync("/api/v1/tenants/dry")).Expect(404);
    }

    [Fact]
    public async Task Import_StrictWithARefusedObject_ChangesNothingAndListsAll()
    {
        var wrong = Route("strict", "wrong").Replace("port: 80", "port: 0", StringComparison.Ordinal);
        var answer = (await api.ImportAsync(Route("strict", "web") + wrong, "?source=strict&strict=true")).ExpectProblem(422, "import_refused");

        Assert.Contains("/spec/rules/0/backendRefs/0/port", answer.Expect("HTTPRoute", "wrong", "refused"), StringComparison.Ordinal);
        answer.Expect("HTTPRoute", "web", "exact");
        (await api.Admin.GetAsync("/api/v1/tenants/strict")).Expect(404);

        var lenient = (await api.ImportAsync(Route("strict", "web") + wrong, "?source=strict")).Expect(200);
        lenient.Expect("HTTPRoute", "wrong", "refused", "none");
        (await api.Admin.GetAsync("/api/v1/tenants/strict/httproutes/web")).Expect(200);
    }

    [Fact]
    public async Task Import_Namespaces_BecomeTenantsWithTheirLabels()
    {
        var first = (await api.ImportAsync(Namespace("spaces", "{a: b, c: d}") + Route("unlabelled", "web"), "?source=spaces")).Expect(200);
        Assert.Contains("has no Namespace", first.Expect("Namespace", "unlabelled", "exact", "created"), StringComparison.Ordinal);
        Assert.Equal("b", (await api.Admin.GetAsync("/api/v1/tenants/spaces")).Expect(200).Json.GetProperty("labels").GetProperty("a").GetString());

        var second = (await api.ImportAsync(Namespace("spaces", "{a: x}"), "?source=spaces")).Expect(200);
        Assert.Contains("`c`", second.Expect("Namespace", "spaces", "exact", "updated"), StringComparison.Ordinal);
        Assert.Equal("""{"a":"x"}""", (await api.Admin.GetAsync("/api/v1/tenants/spaces")).Json.GetProperty("labels").GetRawText());
    }

    [Fact]
    public async Task Import_CreationTimestamps_AreKeptForPlatformAdminsAndOrderedForTenants()
    {
        static string Old(string tenant, string name, string time) => Route(tenant, name).Replace($"name: {name},", $"name: {name}, creationTimestamp: \"{time}\",", StringComparison.Ordinal);
        (await api.ImportAsync(Old("ages", "old", "2020-01-31T12:00:00Z") + Old("ages", "future", "2999-01-01T00:00:00Z") + Old("ages", "nonsense", "yesterday"), "?source=ages")).Expect(200);
        async Task<DateTimeOffset> CreatedAsync(string tenant, string name) =>
            (await api.Admin.GetAsync($"/api/v1/tenants/{tenant}/httproutes/{name}")).Expect(200).Json.GetProperty("createdAt").GetDateTimeOffset();

        Assert.Equal(new DateTimeOffset(2020, 1, 31, 12, 0, 0, TimeSpan.Zero), await CreatedAsync("ages", "old"));
        Assert.Equal(await CreatedAsync("ages", "future"), await CreatedAsync("ages", "nonsense"));
        Assert.True(await CreatedAsync("ages", "future") < DateTimeOffset.UtcNow);

        var before = DateTimeOffset.UtcNow.AddMinutes(-1);
        (await api.ImportIntoAsync("shop", "editor", Old("shop", "b-older", "2020-01-31T12:00:00Z") + Old("shop", "a-newer", "2021-01-31T12:00:00Z"), "?source=ages")).Expect(200);
        Assert.True(before < await CreatedAsync("shop", "b-older"));
        Assert.True(await CreatedAsync("shop", "b-older") < await CreatedAsync("shop", "a-newer"));
    }

    [Fact]
    public async Task Import_PlacedByPlatform_IsToldFromWhatTenantsOpenThemselves()
    {
        const string Gateway = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: placed}
            spec: {gatewayClassName: gatehouse, listeners: [{name: http, port: 8000, protocol: HTTP}]}
            """;
        (await api.ImportAsync(Gateway, "?source=placed")).Expect(200).Expect("Gateway", "edge", "exact", "created");
        static string AcceptedOf(ApiAnswer answer) => answer.Json.GetProperty("status").GetProperty("conditions").EnumerateArray()
            .First(condition => condition.GetProperty("type").GetString() == "Accepted").GetProperty("status").GetString()!;
        Assert.Equal("True", AcceptedOf(await api.Admin.GetAsync("/api/v1/tenants/placed/gateways/edge?waitFor=Accepted&timeout=10s")));
    }
}
