using Xunit;

namespace Gatehouse.Api.Tests.Import;

public sealed class TenantImportTests(ImportFixture api) : IClassFixture<ImportFixture>
{
    private const string Route = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: mine}
        spec: {}
        """;

    [Fact]
    public async Task Import_OtherNamespacesAndThePlatformsKinds_AreRefused()
    {
        const string Foreign = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: theirs, namespace: payments}
            spec: {}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: new-tenant}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {admitted: "true"}}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: own}
            spec: {controllerName: gatehouse.dev/gateway-controller}
            """;
        var answer = (await api.ImportIntoAsync("shop", "owner", Foreign)).Expect(200);

        Assert.Contains("/metadata/namespace", answer.Expect("HTTPRoute", "theirs", "refused", "none"), StringComparison.Ordinal);
        answer.Expect("Namespace", "new-tenant", "refused", "none");
        answer.Expect("Namespace", "shop", "ignored", "none");
        answer.Expect("GatewayClass", "own", "refused", "none");
        (await api.Admin.GetAsync("/api/v1/tenants/payments/httproutes/theirs")).Expect(404);
        (await api.Admin.GetAsync("/api/v1/gatewayclasses/own")).Expect(404);
        Assert.Equal("{}", (await api.Admin.GetAsync("/api/v1/tenants/shop")).Json.GetProperty("labels").GetRawText());
    }

    [Fact]
    public async Task Import_WithoutNamespace_IsTheTenants()
    {
        (await api.ImportIntoAsync("shop", "editor", Route)).Expect(200).Expect("HTTPRoute", "mine", "exact", "created");
        (await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/httproutes/mine")).Expect(200);
    }

    [Fact]
    public async Task Import_OfAnEditor_RefusesWhatTakesAnAdmin()
    {
        const string Gateway = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge}
            spec: {gatewayClassName: gatehouse, listeners: [{name: http, port: 80, protocol: HTTP}]}
            """;
        Assert.Contains("role", (await api.ImportIntoAsync("payments", "editor", Gateway)).Expect(200).Expect("Gateway", "edge", "refused", "none"), StringComparison.Ordinal);
        (await api.ImportIntoAsync("payments", "admin", Gateway, "?source=admins")).Expect(200).Expect("Gateway", "edge", "exact", "created");
        var pruned = (await api.ImportIntoAsync("payments", "editor", "", "?source=admins&prune=true")).Expect(200);
        pruned.Expect("Gateway", "edge", "refused", "none");
        (await api.Admin.GetAsync("/api/v1/tenants/payments/gateways/edge")).Expect(200);
    }

    [Theory]
    [InlineData("viewer", 403)]
    [InlineData("editor", 200)]
    public async Task Import_ByRole_IsAllowedOrNot(string role, int status) =>
        (await api.ImportIntoAsync("payments", role, Route, "?dryRun=true")).Expect(status);

    [Fact]
    public async Task Import_OfAllTenants_TakesAPlatformAdmin() =>
        (await api.As("shop", "owner").SendAsync("POST", "/api/v1/import", Route, "application/yaml")).ExpectProblem(403, "forbidden");

    [Fact]
    public async Task Import_IntoAnotherTenant_IsNotFound() =>
        (await api.As("shop", "owner").SendAsync("POST", "/api/v1/tenants/payments/import", Route, "application/yaml")).ExpectProblem(404, "not_found");

    [Fact]
    public async Task Import_OfAllTenantsWithoutNamespace_IsRefused() =>
        Assert.Contains("/metadata/namespace", (await api.ImportAsync(Route)).Expect(200).Expect("HTTPRoute", "mine", "refused", "none"), StringComparison.Ordinal);

    [Fact]
    public async Task Import_HostnameOfAnotherTenant_IsRefusedWithoutSayingWhose()
    {
        static string Hostname(string tenant) => $"apiVersion: gatehouse.dev/v1\nkind: Hostname\nmetadata: {{name: taken.example.com, namespace: {tenant}}}\nspec: {{}}\n";
        (await api.ImportAsync(Hostname("payments"), "?source=names")).Expect(200).Expect("Hostname", "taken.example.com", "exact", "created");
        var refused = (await api.ImportIntoAsync("shop", "editor", Hostname("shop"))).Expect(200).Expect("Hostname", "taken.example.com", "refused", "none");
        Assert.DoesNotContain("payments", refused, StringComparison.Ordinal);
        Assert.Equal(1, (await api.ImportAsync("", "?source=names&prune=true")).Expect(200).Count("pruned"));
    }
}
