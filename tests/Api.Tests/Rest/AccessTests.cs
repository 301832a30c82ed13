using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class AccessTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Route = """{"spec":{"rules":[{"backendRefs":[{"name":"b"}]}]}}""";
    private const string Grant = """{"spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"payments"}],"to":[{"group":"gatehouse.dev","kind":"Backend"}]}}""";
    private const string Gateway = """{"spec":{"gatewayClassName":"gatehouse","listeners":[{"name":"http","port":8081,"protocol":"HTTP"}]}}""";

    [Theory]
    [InlineData(null)]
    [InlineData("gh_wrong")]
    [InlineData("ghs_wrong")]
    [InlineData("wrong")]
    public async Task Request_WithoutWorkingToken_Gets401(string? token)
    {
        var answer = await api.Client(token).GetAsync("/api/v1/tenants");

        answer.ExpectProblem(401, "unauthenticated");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Tenant_OfOthersOrMissing_LooksTheSame()
    {
        var shop = api.As("shop", "owner");

        var foreign = (await shop.GetAsync("/api/v1/tenants/payments")).ExpectProblem(404, "not_found");
        var missing = (await shop.GetAsync("/api/v1/tenants/nobody")).ExpectProblem(404, "not_found");
        (await shop.PutAsync("/api/v1/tenants/payments", "{}")).ExpectProblem(404, "not_found");
        (await shop.PutAsync("/api/v1/tenants/nobody", "{}")).ExpectProblem(404, "not_found");
        (await shop.DeleteAsync("/api/v1/tenants/payments")).ExpectProblem(404, "not_found");

        Assert.Equal(foreign.Json.GetProperty("detail").GetString(), missing.Json.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("viewer", "PUT", "httproutes/role", Route, 403)]
    [InlineData("editor", "PUT", "httproutes/role", Route, 201)]
    [InlineData("viewer", "DELETE", "httproutes/nothing", null, 403)]
    [InlineData("editor", "PUT", "referencegrants/role", Grant, 403)]
    [InlineData("admin", "PUT", "referencegrants/role", Grant, 201)]
    [InlineData("editor", "PUT", "gateways/role", Gateway, 403)]
    [InlineData("admin", "PUT", "gateways/role", Gateway, 201)]
    [InlineData("editor", "POST", "tokens", """{"name":"x","role":"viewer"}""", 403)]
    [InlineData("admin", "POST", "tokens", """{"name":"x","role":"viewer"}""", 201)]
    [InlineData("editor", "GET", "tokens", null, 403)]
    [InlineData("admin", "POST", "tokens", """{"name":"y","role":"owner"}""", 403)]
    [InlineData("editor", "DELETE", "hostnames/nothing.example.com", null, 403)]
    [InlineData("admin", "DELETE", "hostnames/nothing.example.com", null, 403)]
    [InlineData("owner", "DELETE", "hostnames/nothing.example.com", null, 404)]
    [InlineData("owner", "POST", "hostnames/nothing.example.com/approve", "{}", 403)]
    [InlineData("viewer", "GET", "members", null, 200)]
    [InlineData("editor", "PUT", "members/admin@gatehouse.local", """{"role":"viewer"}""", 403)]
    [InlineData("viewer", "GET", "audit", null, 200)]
    [InlineData("admin", "PUT", "", """{"displayName":"New"}""", 403)]
    [InlineData("owner", "PUT", "", """{"displayName":"New"}""", 200)]
    [InlineData("owner", "PUT", "", """{"labels":{"tier":"gold"}}""", 403)]
    [InlineData("owner", "DELETE", "", null, 403)]
    public async Task Role_OnEndpoint_IsEnough(string role, string method, string path, string? body, int status)
    {
        var answer = await api.As("shop", role).SendAsync(method, $"/api/v1/tenants/shop{(path.Length > 0 ? "/" + path : "")}", body);

        answer.Expect(status);
        if (status == 403)
            Assert.Equal("forbidden", answer.Code);
    }

    [Theory]
    [InlineData("GET", "/api/v1/users")]
    [InlineData("GET", "/api/v1/gatewayclasses")]
    [InlineData("PUT", "/api/v1/gatewayclasses/mine")]
    [InlineData("GET", "/api/v1/dataplanes")]
    [InlineData("POST", "/api/v1/tenants")]
    public async Task PlatformEndpoint_OwnerOfATenant_Gets403(string method, string path) =>
        (await api.As("shop", "owner").SendAsync(method, path, method == "GET" ? null : "{}")).ExpectProblem(403, "forbidden");

    [Fact]
    public async Task Labels_OfTenant_OnlyPlatformAdminsSetThemAndOthersMayEchoThem()
    {
        (await api.Admin.PatchAsync("/api/v1/tenants/payments", """{"labels":{"tier":"gold"}}""")).Expect(200);
        var owner = api.As("payments", "owner");

        var echo = (await owner.GetAsync("/api/v1/tenants/payments")).Expect(200);
        (await owner.PutAsync("/api/v1/tenants/payments", echo.Text)).Expect(200);
        (await owner.PatchAsync("/api/v1/tenants/payments", """{"labels":{"tier":"platinum"}}""")).ExpectProblem(403, "forbidden").ExpectField("/labels", "forbidden");
        (await owner.PutAsync("/api/v1/tenants/payments", """{"displayName":"P"}""")).Expect(200);

        Assert.Equal("""{"tier":"gold"}""", (await owner.GetAsync("/api/v1/tenants/payments")).Json.GetProperty("labels").GetRawText());
    }

    [Fact]
    public async Task ListTenants_Member_SeesOwnAlone()
    {
        var shop = (await api.As("shop", "viewer").GetAsync("/api/v1/tenants")).Expect(200);
        var all = (await api.Admin.GetAsync("/api/v1/tenants")).Expect(200);

        Assert.Equal(["shop"], shop.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Superset(new HashSet<string?> { "payments", "platform", "shop" }, all.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()).ToHashSet());
    }

    [Fact]
    public async Task Object_OfAnotherTenant_CannotBeReachedThroughOnesOwn()
    {
        (await api.As("payments", "editor").PutAsync("/api/v1/tenants/payments/backends/secret", """{"spec":{"endpoints":[{"address":"10.0.0.1","port":80}]}}""")).Expect(201);

        (await api.As("shop", "owner").GetAsync("/api/v1/tenants/shop/backends/secret")).ExpectProblem(404, "not_found");
        (await api.As("shop", "owner").GetAsync("/api/v1/tenants/payments/backends/secret")).ExpectProblem(404, "not_found");
        Assert.DoesNotContain("secret", (await api.As("shop", "owner").GetAsync("/api/v1/tenants/shop/backends?limit=500")).Text, StringComparison.Ordinal);
    }
}
