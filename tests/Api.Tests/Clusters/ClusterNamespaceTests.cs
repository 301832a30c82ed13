using Gatehouse.Api.Tests.Rest;
using Xunit;

namespace Gatehouse.Api.Tests.Clusters;

/// <summary>Which Namespace a tenant has in a cluster.</summary>
public sealed class ClusterNamespaceTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Crud_Namespace_IsNamedByItsTenant()
    {
        var path = await ClusterAsync("crud");

        var created = (await api.Admin.PutAsync($"{path}/shop", """{"name":"shop","spec":{"namespace":"shop-prod","mode":"Adopted"}}""")).Expect(201);
        Assert.Equal("/api/v1/clusters/crud/namespaces/shop", created.Headers.Location?.ToString());
        Assert.Equal(("shop", "shop"), (created.Json.GetProperty("name").GetString(), created.Json.GetProperty("tenant").GetString()));
        var read = (await api.Admin.GetAsync($"{path}/shop?waitFor=Accepted&timeout=10s")).Expect(200);
        Assert.Equal(created.ETag, read.ETag);
        (await api.Admin.PutAsync($"{path}/shop", read.Text, ("If-Match", read.ETag!))).Expect(200);
        (await api.Admin.PutAsync($"{path}/shop", """{"name":"payments","spec":{"namespace":"x"}}""")).ExpectProblem(422, "invalid");
        var patched = (await api.Admin.PatchAsync($"{path}/shop", """{"name":"shop","spec":{"drift":"Report"}}""")).Expect(200);
        Assert.Equal(("shop-prod", "Report"), (patched.Json.GetProperty("spec").GetProperty("namespace").GetString(), patched.Json.GetProperty("spec").GetProperty("drift").GetString()));
        (await api.Admin.PutAsync($"{path}/payments", """{"spec":{"namespace":"pay"}}""")).Expect(201);
        var first = (await api.Admin.GetAsync($"{path}?limit=1")).Expect(200).Json;
        Assert.Equal("payments", first.GetProperty("items")[0].GetProperty("name").GetString());
        var rest = (await api.Admin.GetAsync($"{path}?continue={first.GetProperty("continue").GetString()}")).Expect(200).Json.GetProperty("items");
        Assert.Equal("shop", Assert.Single(rest.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(0, (await api.Admin.GetAsync($"{path}?search=crud")).Expect(200).Json.GetProperty("items").GetArrayLength());
        Assert.Equal(1, (await api.Admin.GetAsync($"{path}?search=sho")).Expect(200).Json.GetProperty("items").GetArrayLength());
        (await api.Admin.DeleteAsync($"{path}/shop")).Expect(204);
        (await api.Admin.GetAsync($"{path}/shop")).Expect(404);
    }

    [Fact]
    public async Task Put_MissingClusterOrTenant_Is404()
    {
        var path = await ClusterAsync("missing");

        (await api.Admin.PutAsync("/api/v1/clusters/nowhere/namespaces/shop", """{"spec":{"namespace":"x"}}""")).ExpectProblem(404, "not_found");
        (await api.Admin.PutAsync($"{path}/nobody", """{"spec":{"namespace":"x"}}""")).ExpectProblem(404, "not_found");
        (await api.Admin.GetAsync("/api/v1/clusters/nowhere/namespaces")).ExpectProblem(404, "not_found");
    }

    [Fact]
    public async Task Put_NamespaceOfAnotherTenant_Is409InThatClusterAlone()
    {
        var (here, there) = (await ClusterAsync("here"), await ClusterAsync("there"));
        await api.Admin.PutAsync($"{here}/shop", """{"spec":{"namespace":"common"}}""");

        var refused = (await api.Admin.PutAsync($"{here}/payments", """{"spec":{"namespace":"common"}}""")).ExpectProblem(409, "namespace_taken");

        Assert.Contains("tenant `shop`", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await api.Admin.PutAsync($"{there}/payments", """{"spec":{"namespace":"common"}}""")).Expect(201);
        (await api.Admin.PutAsync($"{here}/payments", """{"spec":{"namespace":"team-shop"}}""")).ExpectProblem(409, "namespace_taken");
        (await api.Admin.PutAsync($"{here}/shop", """{"spec":{"namespace":"team-shop"}}""")).Expect(200);
    }

    [Fact]
    public async Task Put_ManyAtOnce_OneTenantGetsTheNamespace()
    {
        var path = await ClusterAsync("race");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => api.Admin.PutAsync($"{path}/{ApiFixture.Tenants[i % 2]}", """{"spec":{"namespace":"raced"}}""")));

        Assert.Contains(answers, answer => answer.Status == 201);
        var items = (await api.Admin.GetAsync(path)).Expect(200).Json.GetProperty("items");
        Assert.Equal(1, items.GetArrayLength());
    }

    [Fact]
    public async Task Prefix_ThatMakesAnAssignedNamespaceAnothersDefault_Is409()
    {
        var path = await ClusterAsync("prefix");
        await api.Admin.PutAsync($"{path}/shop", """{"spec":{"namespace":"x-payments"}}""");

        var refused = (await api.Admin.PatchAsync("/api/v1/clusters/prefix", """{"spec":{"namespacePrefix":"x-"}}""")).ExpectProblem(409, "namespace_taken");

        Assert.Equal("prefix.shop", refused.Json.GetProperty("referrers")[0].GetProperty("name").GetString());
        (await api.Admin.PatchAsync("/api/v1/clusters/prefix", """{"spec":{"namespacePrefix":"y-"}}""")).Expect(200);
    }

    [Theory]
    [InlineData("kube-system", "Adopted")]
    [InlineData("kube-mine", "Created")]
    [InlineData("default", "Created")]
    [InlineData("Upper", "Created")]
    public async Task Put_SystemNamespace_IsRefused(string name, string mode)
    {
        var path = await ClusterAsync("system");

        var answer = await api.Admin.PutAsync($"{path}/shop", $$$"""{"spec":{"namespace":"{{{name}}}","mode":"{{{mode}}}"}}""");

        Assert.Equal("/spec/namespace", answer.ExpectProblem(422, "invalid").Json.GetProperty("errors")[0].GetProperty("pointer").GetString());
        (await api.Admin.PutAsync($"{path}/shop?dryRun=true", """{"spec":{"namespace":"default","mode":"Adopted"}}""")).Expect(201);
    }

    [Fact]
    public async Task Delete_ClusterOrTenant_TakesItsAssignmentsAlong()
    {
        var (gone, kept) = (await ClusterAsync("gone"), await ClusterAsync("gone-not"));
        await api.AddTenantAsync("leaving");
        await api.Admin.PutAsync($"{gone}/shop", """{"spec":{"namespace":"a"}}""");
        await api.Admin.PutAsync($"{kept}/shop", """{"spec":{"namespace":"a"}}""");
        await api.Admin.PutAsync($"{kept}/leaving", """{"spec":{"namespace":"b"}}""");

        (await api.Admin.DeleteAsync("/api/v1/clusters/gone")).Expect(204);
        (await api.Admin.DeleteAsync("/api/v1/tenants/leaving")).Expect(204);

        await ClusterAsync("gone");
        Assert.Equal(0, (await api.Admin.GetAsync(gone)).Expect(200).Json.GetProperty("items").GetArrayLength());
        var items = (await api.Admin.GetAsync(kept)).Expect(200).Json.GetProperty("items");
        Assert.Equal("shop", Assert.Single(items.EnumerateArray()).GetProperty("name").GetString());
    }

    private async Task<string> ClusterAsync(string name)
    {
        await api.Admin.PutAsync($"/api/v1/clusters/{name}", """{"spec":{"inCluster":true,"namespacePrefix":"team-"}}""");
        return $"/api/v1/clusters/{name}/namespaces";
    }
}
