using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class TenantTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Backend = """{"spec":{"endpoints":[{"address":"127.0.0.1","port":9001}]}}""";

    [Fact]
    public async Task Delete_WithObjects_NeedsCascade()
    {
        await api.AddTenantAsync("doomed");
        (await api.As("doomed", "editor").PutAsync("/api/v1/tenants/doomed/backends/b", Backend)).Expect(201);
        (await api.As("doomed", "editor").PutAsync("/api/v1/tenants/doomed/hostnames/doomed.example.com", """{"spec":{}}""")).Expect(201);

        var refused = (await api.Admin.DeleteAsync("/api/v1/tenants/doomed")).ExpectProblem(409, "tenant_not_empty");
        (await api.Admin.DeleteAsync("/api/v1/tenants/doomed?cascade=true&dryRun=true")).Expect(204);
        (await api.Admin.GetAsync("/api/v1/tenants/doomed/backends/b")).Expect(200);
        (await api.Admin.DeleteAsync("/api/v1/tenants/doomed?cascade=true")).Expect(204);

        Assert.Equal(2, refused.Json.GetProperty("referrers").GetArrayLength());
        (await api.Admin.GetAsync("/api/v1/tenants/doomed")).ExpectProblem(404, "not_found");
        (await api.As("doomed", "editor").GetAsync("/api/v1/tenants/doomed/backends")).ExpectProblem(401, "unauthenticated");
        Assert.Contains("doomed", (await api.Admin.GetAsync("/api/v1/tenants/platform/audit?kind=Tenant&action=delete")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Platform_IsReserved()
    {
        (await api.Admin.DeleteAsync("/api/v1/tenants/platform?cascade=true")).ExpectProblem(409, "tenant_reserved");

        var gateway = (await api.Admin.GetAsync("/api/v1/tenants/platform/gateways/default")).Expect(200).Json;
        var gatewayClass = (await api.Admin.GetAsync("/api/v1/gatewayclasses/gatehouse")).Expect(200).Json;

        Assert.Equal(
            """{"gatewayClassName":"gatehouse","listeners":[{"name":"http","port":80,"protocol":"HTTP","allowedRoutes":{"namespaces":{"from":"Same"}}}],"allowedListeners":{"namespaces":{"from":"All"}}}""",
            gateway.GetProperty("spec").GetRawText());
        Assert.Equal("gatehouse.dev/gateway-controller", gatewayClass.GetProperty("spec").GetProperty("controllerName").GetString());
        (await api.Admin.DeleteAsync("/api/v1/gatewayclasses/gatehouse")).ExpectProblem(409, "referenced");
        (await api.Admin.PatchAsync("/api/v1/gatewayclasses/gatehouse", """{"spec":{"controllerName":"example.com/other"}}""")).ExpectProblem(422, "invalid");
    }

    [Theory]
    [InlineData("UPPER")]
    [InlineData("a.b")]
    [InlineData("-a")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task Put_WrongName_IsInvalid(string name) =>
        (await api.Admin.PutAsync($"/api/v1/tenants/{name}", "{}")).ExpectProblem(422, "invalid");

    [Fact]
    public async Task Post_AndPutWithConditions_FollowTheRules()
    {
        (await api.Admin.PostAsync("/api/v1/tenants", """{"name":"posted","labels":{"a":"b"}}""")).Expect(201);
        (await api.Admin.PostAsync("/api/v1/tenants", """{"name":"posted"}""")).ExpectProblem(409, "already_exists");
        (await api.Admin.PutAsync("/api/v1/tenants/posted", "{}", ("If-None-Match", "*"))).ExpectProblem(412, "precondition_failed");
        (await api.Admin.PutAsync("/api/v1/tenants/absent", "{}", ("If-Match", "*"))).ExpectProblem(412, "precondition_failed");
        (await api.Admin.PutAsync("/api/v1/tenants/posted", """{"name":"other"}""")).ExpectProblem(422, "invalid").ExpectField("/name", "conflict");
        (await api.Admin.PutAsync("/api/v1/tenants/dry?dryRun=true", "{}")).Expect(201);
        (await api.Admin.GetAsync("/api/v1/tenants/dry")).Expect(404);
        (await api.Admin.PutAsync("/api/v1/tenants/posted", """{"colour":"red"}""")).ExpectProblem(422, "invalid").ExpectField("/colour", "unknown_field");
    }

    [Fact]
    public async Task Backend_ThatWouldTakeOverAServicesReferences_NeedsTakeover()
    {
        (await api.As("shop", "editor").PutAsync("/api/v1/tenants/shop/httproutes/to-service", """{"spec":{"rules":[{"backendRefs":[{"name":"imported","port":80}]}]}}""")).Expect(201);
        await InsertServiceAsync("imported");

        (await api.As("shop", "editor").PutAsync("/api/v1/tenants/shop/backends/imported", Backend)).ExpectProblem(409, "backend_takes_over");
        (await api.As("shop", "editor").PutAsync("/api/v1/tenants/shop/backends/imported?takeover=true", Backend)).Expect(201);
    }

    /// <summary>Services come by import, which is not part of the API yet.</summary>
    private async Task InsertServiceAsync(string name)
    {
        await using var connection = new NpgsqlConnection(api.Database.Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "INSERT INTO resources (tenant_id, id, kind, name, labels, annotations, spec, generation, created_at, updated_at) "
            + "SELECT id, gen_random_uuid(), 'Service', $1, '{}', '{}', '{}', 1, now(), now() FROM tenants WHERE name = 'shop'", connection);
        command.Parameters.AddWithValue(name);
        await command.ExecuteNonQueryAsync();
    }
}
