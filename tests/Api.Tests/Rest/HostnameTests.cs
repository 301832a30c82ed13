using Xunit;

namespace Gatehouse.Api.Tests.Rest;

public sealed class HostnameTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Shop = "/api/v1/tenants/shop/hostnames";
    private const string Payments = "/api/v1/tenants/payments/hostnames";
    private const string Hostname = """{"spec":{}}""";

    [Fact]
    public async Task Put_NameOfAnotherTenant_IsTaken()
    {
        (await api.As("shop", "editor").PutAsync($"{Shop}/www.example.com", Hostname)).Expect(201);
        (await api.As("shop", "editor").PutAsync($"{Shop}/*.wild.example.com", Hostname)).Expect(201);

        (await api.As("payments", "editor").PutAsync($"{Payments}/www.example.com", Hostname)).ExpectProblem(409, "hostname_taken");
        (await api.As("payments", "editor").PutAsync($"{Payments}/api.wild.example.com", Hostname)).ExpectProblem(409, "hostname_taken");
        (await api.As("payments", "editor").PutAsync($"{Payments}/www.example.com?dryRun=true", Hostname)).ExpectProblem(409, "hostname_taken");
        (await api.As("payments", "editor").GetAsync($"{Payments}/www.example.com")).ExpectProblem(404, "not_found");
    }

    [Fact]
    public async Task Wildcard_LiteralOrEncodedInThePath_IsOneName()
    {
        var editor = api.As("shop", "editor");

        (await editor.PutAsync($"{Shop}/%2A.encoded.example.com", Hostname)).Expect(201);

        Assert.Equal("*.encoded.example.com", (await editor.GetAsync($"{Shop}/*.encoded.example.com")).Expect(200).Json.GetProperty("name").GetString());
        (await editor.PostAsync($"{Shop}/*.encoded.example.com/verify")).Expect(200);
    }

    [Fact]
    public async Task Put_WildcardThatWouldBeProvenByName_IsInvalid()
    {
        const string ByHttp = """{"spec":{"certificate":{"challenge":"Http01"}}}""";
        var editor = api.As("shop", "editor");

        (await editor.PutAsync($"{Shop}/*.proven.example.com", ByHttp)).ExpectProblem(422, "invalid").ExpectField("/spec/certificate/challenge", "conflict");
        (await editor.PutAsync($"{Shop}/proven.example.com", ByHttp)).Expect(201);
        (await editor.PutAsync($"{Shop}/*.proven.example.com", ByHttp.Replace("Http01", "Dns01", StringComparison.Ordinal))).Expect(201);
        (await editor.PatchAsync($"{Shop}/*.proven.example.com", ByHttp)).ExpectProblem(422, "invalid").ExpectField("/spec/certificate/challenge", "conflict");
    }

    [Theory]
    [InlineData("WWW.example.com")]
    [InlineData("10.0.0.1")]
    [InlineData("localhost")]
    [InlineData("a.*.example.com")]
    [InlineData("*")]
    public async Task Put_NotAName_IsInvalid(string name) =>
        (await api.As("shop", "editor").PutAsync($"{Shop}/{name}", Hostname)).ExpectProblem(422, "invalid").ExpectField("/name", "invalid_format");

    [Fact]
    public async Task Put_HundredClaimsAtOnce_OneTenantWins()
    {
        var clients = new[] { (api.As("shop", "editor"), Shop), (api.As("payments", "editor"), Payments) };

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var (client, path) = clients[i % 2];
            return (Tenant: path, (await client.PutAsync($"{path}/contested.example.com", Hostname)).Status);
        }));

        var winners = answers.Where(answer => answer.Status is 200 or 201).Select(answer => answer.Tenant).Distinct().ToList();
        Assert.Single(winners);
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(50, answers.Count(answer => answer.Status == 409));
    }

    [Fact]
    public async Task BaseDomain_OfAnotherTenant_IsTaken()
    {
        (await api.As("shop", "editor").PutAsync($"{Shop}/web.shop.apps.localhost", Hostname)).Expect(201);

        (await api.As("payments", "editor").PutAsync($"{Payments}/web2.shop.apps.localhost", Hostname)).ExpectProblem(409, "hostname_taken");
    }

    [Fact]
    public async Task Delete_ByOwner_ReleasesTheName()
    {
        (await api.As("shop", "editor").PutAsync($"{Shop}/released.example.com", Hostname)).Expect(201);
        (await api.As("shop", "owner").DeleteAsync($"{Shop}/released.example.com")).Expect(204);

        (await api.As("shop", "editor").PutAsync($"{Shop}/released.example.com", Hostname)).Expect(201);
    }
}

public sealed class HostnameVerificationTests(HostnameVerificationTests.Fixture api) : IClassFixture<HostnameVerificationTests.Fixture>
{
    private const string Hostname = """{"spec":{}}""";

    [Fact]
    public async Task Claim_OfAForeignName_WaitsForApprovalAndTheFirstApprovedWins()
    {
        (await api.As("shop", "editor").PutAsync("/api/v1/tenants/shop/hostnames/both.example.com", Hostname)).Expect(201);
        (await api.As("payments", "editor").PutAsync("/api/v1/tenants/payments/hostnames/both.example.com", Hostname)).Expect(201);
        Assert.Equal("Pending", (await api.As("shop", "editor").PostAsync("/api/v1/tenants/shop/hostnames/both.example.com/verify")).Expect(200).Json.GetProperty("state").GetString());

        var approved = (await api.Admin.PostAsync("/api/v1/tenants/payments/hostnames/both.example.com/approve")).Expect(200);

        Assert.Equal("Verified", approved.Json.GetProperty("state").GetString());
        (await api.Admin.PostAsync("/api/v1/tenants/shop/hostnames/both.example.com/approve")).ExpectProblem(409, "hostname_taken");
        (await api.As("shop", "editor").PutAsync("/api/v1/tenants/shop/hostnames/both.example.com", Hostname)).ExpectProblem(409, "hostname_taken");
        (await api.Admin.PostAsync("/api/v1/tenants/shop/hostnames/nothing.example.com/approve")).ExpectProblem(404, "not_found");
    }

    [Fact]
    public async Task Claim_BelowOnesOwnPartOfTheBaseDomain_IsVerifiedAtOnce()
    {
        (await api.As("shop", "editor").PutAsync("/api/v1/tenants/shop/hostnames/web.shop.apps.localhost", Hostname)).Expect(201);

        Assert.Equal("Verified", (await api.As("shop", "editor").PostAsync("/api/v1/tenants/shop/hostnames/web.shop.apps.localhost/verify")).Expect(200).Json.GetProperty("state").GetString());
    }

    public sealed class Fixture : ApiFixture
    {
        protected override ApiHostOptions Configure(ApiHostOptions options) => options with { HostnameVerification = true };
    }
}
