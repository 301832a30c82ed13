using System.Text.Json;
using Gatehouse.Issuance;
using Gatehouse.Testing.Certificates;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

/// <summary>Who may have certificates revoked and account keys replaced, and what a wish leaves.</summary>
public sealed class CertificateControlTests(CertificateControlTests.Fixture api) : IClassFixture<CertificateControlTests.Fixture>
{
    private const string Hostname = "/api/v1/tenants/shop/hostnames/own.example.com";

    [Fact]
    public async Task Authorities_AreThePlatformAdminsAlone()
    {
        foreach (var role in ApiFixture.Roles)
        {
            (await api.As("shop", role).GetAsync("/api/v1/certificateauthorities")).ExpectProblem(403, "forbidden");
            (await api.As("shop", role).PostAsync("/api/v1/certificateauthorities/ca1/rollover")).ExpectProblem(403, "forbidden");
        }
        (await api.Client(null).GetAsync("/api/v1/certificateauthorities")).ExpectProblem(401, "unauthenticated");
        var listed = (await api.Admin.GetAsync("/api/v1/certificateauthorities")).Expect(200);
        var authority = Assert.Single(listed.Json.GetProperty("items").EnumerateArray());
        Assert.Equal(["directory", "name", "rolloverUnsettled"], authority.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        (await api.Admin.PostAsync("/api/v1/certificateauthorities/ca1/rollover")).ExpectProblem(409, "no_account");
        (await api.Admin.PostAsync("/api/v1/certificateauthorities/other/rollover")).ExpectProblem(404, "not_found");
    }

    [Theory]
    [InlineData("renew")]
    [InlineData("revoke")]
    public async Task Wish_ForANameWithoutDots_IsNotFound(string wish) =>
        (await api.As("shop", "admin").PostAsync($"/api/v1/tenants/shop/hostnames/nowhere/{wish}", """{"reason":"KeyCompromise"}""")).ExpectProblem(404, "not_found");

    [Fact]
    public async Task Revoke_OfAManagedCertificate_IsTheTenantsAdminsAndLeavesOneWish()
    {
        (await api.As("shop", "admin").PutAsync(Hostname, """{"spec":{}}""")).Expect(201);
        (await api.As("shop", "editor").PostAsync($"{Hostname}/revoke", """{"reason":"KeyCompromise"}""")).ExpectProblem(403, "forbidden");
        (await api.As("payments", "owner").PostAsync($"{Hostname}/revoke", """{"reason":"KeyCompromise"}""")).ExpectProblem(404, "not_found");
        (await api.As("shop", "admin").PostAsync($"{Hostname}/revoke", """{"reason":"Boredom"}""")).ExpectProblem(422, "invalid").ExpectField("/reason", "unsupported_value");
        (await api.As("shop", "admin").PostAsync($"{Hostname}/revoke", """{}""")).ExpectProblem(422, "invalid").ExpectField("/reason", "required");
        (await api.As("shop", "admin").PostAsync($"{Hostname}/revoke", """{"reason":"KeyCompromise"}""")).ExpectProblem(409, "no_managed_certificate");

        // As the engine stores it.
        var spec = JsonSerializer.Serialize(new { certificate = TestKeyPair.Ec("own.example.com").Certificate, managedFor = "own.example.com" });
        await ExecuteAsync("INSERT INTO resources (tenant_id, id, kind, name, labels, annotations, spec, generation, created_at, updated_at) "
            + "SELECT id, gen_random_uuid(), 'Certificate', 'own.example.com.managed', '{}', '{}', $1::json, 1, now(), now() FROM tenants WHERE name = 'shop'", spec);
        (await api.As("shop", "admin").PostAsync($"{Hostname}/revoke?dryRun=true", """{"reason":"KeyCompromise"}""")).Expect(202);
        Assert.Equal(0L, await ExecuteAsync("SELECT count(*) FROM certificate_revocations"));
        (await api.As("shop", "admin").PostAsync($"{Hostname}/revoke", """{"reason":"KeyCompromise"}""")).Expect(202);
        (await api.As("shop", "admin").PostAsync($"{Hostname}/revoke", """{"reason":"KeyCompromise"}""")).Expect(202);

        Assert.Equal(1L, await ExecuteAsync("SELECT count(*) FROM certificate_revocations WHERE reason = 1 AND hostname = 'own.example.com'"));
        var shown = (await api.As("shop", "viewer").GetAsync(Hostname)).Expect(200);
        Assert.Contains("RevocationPending", shown.Text, StringComparison.Ordinal);
        Assert.Equal("revoke", (await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/audit?kind=Hostname&name=own.example.com&action=revoke")).Expect(200)
            .Json.GetProperty("items")[0].GetProperty("action").GetString());

        // The name of its own does not make another's certificate: an uploaded one of that name is not touched.
        (await api.As("payments", "admin").PutAsync("/api/v1/tenants/payments/hostnames/up.example.com", """{"spec":{}}""")).Expect(201);
        var pair = TestKeyPair.Ec("up.example.com");
        (await api.As("payments", "admin").PutAsync(
            "/api/v1/tenants/payments/certificates/up.example.com.managed", JsonSerializer.Serialize(new { spec = new { certificate = pair.Certificate, privateKey = pair.PrivateKey } }))).Expect(201);
        (await api.As("payments", "admin").PostAsync("/api/v1/tenants/payments/hostnames/up.example.com/revoke", """{"reason":"Superseded"}""")).ExpectProblem(409, "no_managed_certificate");
    }

    private async Task<object?> ExecuteAsync(string sql, params string[] values)
    {
        await using var source = NpgsqlDataSource.Create(api.Database.Superuser);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>An API with an authority that is not there.</summary>
    public sealed class Fixture : ApiFixture
    {
        protected override ApiHostOptions Configure(ApiHostOptions options) => options with
        {
            Issuance = new IssuanceOptions { Authorities = [new AuthorityOptions { Name = "ca1", Directory = new Uri("http://127.0.0.1:9/directory") }] },
        };
    }
}
