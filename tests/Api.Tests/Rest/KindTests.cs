using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Resources;
using Gatehouse.Persistence.Revisions;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

/// <summary>What every kind of REST does, tried with each of them.</summary>
public sealed class KindTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Shop = "/api/v1/tenants/shop";

    private static readonly string Authority = JsonSerializer.Serialize(CreateAuthority());

    /// <summary>Plural, a valid spec, what makes it wrong, and where it is wrong then.</summary>
    public static TheoryData<string, string, string, string, string> Kinds => new()
    {
        { "grpcroutes", """{"hostnames":["a.example.com"],"rules":[{"matches":[{"method":{"service":"shop.v1.Orders"}}],"backendRefs":[{"name":"b"}]}]}""", "shop.v1.Orders", "shop/v1", "/spec/rules/0/matches/0/method/service" },
        { "tlsroutes", """{"hostnames":["a.example.com"],"rules":[{"backendRefs":[{"name":"b","weight":2}]}]}""", "a.example.com", "10.0.0.1", "/spec/hostnames/0" },
        { "tcproutes", """{"parentRefs":[{"name":"edge"}],"rules":[{"backendRefs":[{"name":"b"}]}]}""", "\"edge\"", "\"\"", "/spec/parentRefs/0/name" },
        { "udproutes", """{"parentRefs":[{"name":"edge"}],"rules":[{"backendRefs":[{"name":"b"}]}]}""", """[{"name":"b"}]""", "[]", "/spec/rules/0/backendRefs" },
        { "backendtlspolicies", """{"targetRefs":[{"group":"","kind":"Service","name":"b"}],"validation":{"wellKnownCACertificates":"System","hostname":"b.example.com"}}""", "\"System\"", "\"system\"", "/spec/validation/wellKnownCACertificates" },
        { "configmaps", """{"data":{"ca.crt":PEM}}""".Replace("PEM", Authority, StringComparison.Ordinal), Authority, "\"Hello world\"", "/spec/data/ca.crt" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Put_ValidSpec_RoundTripsAndIsListed(string plural, string spec, string right, string wrong, string pointer)
    {
        var admin = api.As("shop", "admin");

        var created = (await admin.PutAsync($"{Shop}/{plural}/round", $$"""{"labels":{"a":"b"},"spec":{{spec}}}""")).Expect(201);
        var read = (await admin.GetAsync($"{Shop}/{plural}/round")).Expect(200);
        var written = (await admin.PutAsync($"{Shop}/{plural}/round", read.Text)).Expect(200);
        var listed = (await admin.GetAsync($"{Shop}/{plural}?labelSelector=a%3Db")).Expect(200);

        Assert.Equal($"{Shop}/{plural}/round", created.Headers.Location?.ToString());
        Assert.True(JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(spec), read.Json.GetProperty("spec")), read.Text);
        Assert.Equal(created.ETag, written.ETag);
        Assert.Equal("round", Assert.Single(listed.Json.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        Assert.Contains(read.Json.GetProperty("status").GetProperty("conditions").EnumerateArray(), condition => condition.GetProperty("type").GetString() == "Programmed");
        Assert.Contains(right, spec, StringComparison.Ordinal);
        Assert.NotEqual(right, wrong);
        Assert.StartsWith("/spec/", pointer, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Put_WrongSpec_IsRefusedWithItsPointer(string plural, string spec, string right, string wrong, string pointer)
    {
        var answer = await api.As("shop", "admin").PutAsync($"{Shop}/{plural}/wrong", $$"""{"spec":{{spec.Replace(right, wrong, StringComparison.Ordinal)}}}""");

        answer.ExpectProblem(422, "invalid");
        Assert.Equal(pointer, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
        (await api.As("shop", "admin").GetAsync($"{Shop}/{plural}/wrong")).Expect(404);
    }

    [Theory]
    [InlineData("grpcroutes", 201)]
    [InlineData("tlsroutes", 201)]
    [InlineData("tcproutes", 201)]
    [InlineData("udproutes", 201)]
    [InlineData("backendtlspolicies", 403)]
    [InlineData("configmaps", 403)]
    public async Task Put_ByAnEditor_IsAllowedForRoutesAlone(string plural, int status)
    {
        var spec = Kinds.Select(row => (Plural: (string)row[0], Spec: (string)row[1])).First(row => row.Plural == plural).Spec;

        (await api.As("shop", "editor").PutAsync($"{Shop}/{plural}/edited", $$"""{"spec":{{spec}}}""")).Expect(status);
    }

    [Theory]
    [InlineData("grpcroutes", """{"rules":[{"filters":[{"type":"RequestMirror","requestMirror":{"backendRef":{"name":"NAME"}}}]}]}""", "GRPCRoute")]
    [InlineData("tlsroutes", """{"hostnames":["a.b"],"rules":[{"backendRefs":[{"name":"NAME"}]}]}""", "TLSRoute")]
    [InlineData("tcproutes", """{"rules":[{"backendRefs":[{"name":"other"},{"name":"NAME","group":"gatehouse.dev","kind":"Backend"}]}]}""", "TCPRoute")]
    [InlineData("udproutes", """{"rules":[{"backendRefs":[{"name":"NAME"}]}]}""", "UDPRoute")]
    [InlineData("backendtlspolicies", """{"targetRefs":[{"group":"gatehouse.dev","kind":"Backend","name":"NAME"}],"validation":{"wellKnownCACertificates":"System","hostname":"a.b"}}""", "BackendTLSPolicy")]
    public async Task DeleteBackend_Referenced_NamesTheReferrer(string plural, string spec, string kind)
    {
        var admin = api.As("shop", "admin");
        var name = "used-by-" + plural;
        (await admin.PutAsync($"{Shop}/backends/{name}", """{"spec":{"endpoints":[{"address":"10.0.0.1","port":1}]}}""")).Expect(201);
        (await admin.PutAsync($"{Shop}/{plural}/referrer", $$"""{"spec":{{spec.Replace("NAME", name, StringComparison.Ordinal)}}}""")).Expect(201);

        var refused = (await admin.DeleteAsync($"{Shop}/backends/{name}")).ExpectProblem(409, "referenced");

        Assert.Equal($$"""[{"kind":"{{kind}}","tenant":"shop","name":"referrer"}]""", refused.Json.GetProperty("referrers").GetRawText());
        (await admin.DeleteAsync($"{Shop}/{plural}/referrer")).Expect(204);
        (await admin.DeleteAsync($"{Shop}/backends/{name}")).Expect(204);
    }

    [Theory]
    [InlineData("backendtlspolicies", """{"targetRefs":[{"group":"","kind":"Service","name":"s"}],"validation":{"caCertificateRefs":[{"group":"","kind":"ConfigMap","name":"NAME"}],"hostname":"a.b"}}""")]
    [InlineData("backends", """{"protocol":"https","endpoints":[{"address":"a","port":1}],"tls":{"caCertificateRefs":[{"group":"","kind":"ConfigMap","name":"NAME"}]}}""")]
    [InlineData("gateways", """{"gatewayClassName":"gatehouse","listeners":[{"name":"a","port":80,"protocol":"HTTP"}],"tls":{"frontend":{"default":{"validation":{"caCertificateRefs":[{"group":"","kind":"ConfigMap","name":"NAME"}]}}}}}""")]
    public async Task DeleteConfigMap_Referenced_IsRefusedAndDoesNotCascade(string plural, string spec)
    {
        var admin = api.As("shop", "admin");
        var name = "ca-of-" + plural;
        (await admin.PutAsync($"{Shop}/configmaps/{name}", """{"spec":{"data":{"ca.crt":PEM}}}""".Replace("PEM", Authority, StringComparison.Ordinal))).Expect(201);
        (await admin.PutAsync($"{Shop}/{plural}/trusting", $$"""{"spec":{{spec.Replace("NAME", name, StringComparison.Ordinal)}}}""")).Expect(201);

        (await admin.DeleteAsync($"{Shop}/configmaps/{name}?cascade=true")).ExpectProblem(409, "referenced");

        (await admin.GetAsync($"{Shop}/{plural}/trusting")).Expect(200);
    }

    [Fact]
    public async Task ConfigMap_WithoutAuthorities_SaysWhatToWrite()
    {
        var admin = api.As("shop", "admin");

        (await admin.PutAsync($"{Shop}/configmaps/bad", """{"spec":{"data":{}}}""")).ExpectProblem(422, "invalid").ExpectField("/spec/data/ca.crt", "required");
        (await admin.PutAsync($"{Shop}/configmaps/bad", """{"spec":{"data":{"other":"x"}}}""")).ExpectProblem(422, "invalid").ExpectField("/spec/data/other", "unsupported_value");
        (await admin.PutAsync($"{Shop}/configmaps/bad", """{"spec":{"data":{"ca.crt":"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"}}}"""))
            .ExpectProblem(422, "invalid").ExpectField("/spec/data/ca.crt", "not_allowed");
    }

    [Fact]
    public async Task Service_Stored_IsReadAndListedAndNeverWritten()
    {
        const string Spec = """{"type":"ClusterIP","ports":[{"name":"http","port":80}],"endpointSlices":[{"name":"s-1","addressType":"IPv4","ports":[{"name":"http","port":8080}],"endpoints":[{"addresses":["10.0.0.7"]}]}]}""";
        await AddAsync("Service", "web", Spec);
        var owner = api.As("shop", "owner");

        var read = (await owner.GetAsync($"{Shop}/services/web")).Expect(200);
        (await owner.GetAsync($"{Shop}/services")).Expect(200);

        Assert.Equal(Spec, read.Json.GetProperty("spec").GetRawText());
        (await owner.PutAsync($"{Shop}/services/web", read.Text)).ExpectProblem(405, "method_not_allowed");
        (await owner.DeleteAsync($"{Shop}/services/web")).ExpectProblem(405, "method_not_allowed");
        (await owner.PostAsync($"{Shop}/services", read.Text)).ExpectProblem(405, "method_not_allowed");
        (await api.As("payments", "owner").GetAsync($"{Shop}/services/web")).ExpectProblem(404, "not_found");
    }

    [Theory]
    [InlineData("grpcroutes", """{"rules":[{"backendRefs":[{"name":"NAME","port":80}]}]}""")]
    [InlineData("tcproutes", """{"rules":[{"backendRefs":[{"name":"NAME","port":80}]}]}""")]
    public async Task PutBackend_NamedAsAServiceThatARouteMeans_NeedsTakeover(string plural, string spec)
    {
        var name = "svc-of-" + plural;
        await AddAsync("Service", name, """{"ports":[{"port":80}],"endpointSlices":[]}""");
        var admin = api.As("shop", "admin");
        (await admin.PutAsync($"{Shop}/{plural}/meaning", $$"""{"spec":{{spec.Replace("NAME", name, StringComparison.Ordinal)}}}""")).Expect(201);
        const string Backend = """{"spec":{"endpoints":[{"address":"10.0.0.1","port":1}]}}""";

        (await admin.PutAsync($"{Shop}/backends/{name}", Backend)).ExpectProblem(409, "backend_takes_over");

        (await admin.PutAsync($"{Shop}/backends/{name}?takeover=true", Backend)).Expect(201);
    }

    /// <summary>As import stores it.</summary>
    private async Task AddAsync(string kind, string name, string spec)
    {
        await using var db = api.Database.NewContext();
        var tenant = await db.Tenants.Where(candidate => candidate.Name == "shop").Select(candidate => candidate.Id).SingleAsync();
        await using var transaction = await new Transactions(db, new RevisionSignal(), TimeProvider.System).WriteAsync(tenant, new WriteContext(Actor.System, "test"));
        transaction.Db.Resources.Add(new ResourceEntity { TenantId = tenant, Kind = kind, Name = name, Spec = spec });
        await transaction.CommitAsync();
    }

    private static string CreateAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=ca", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return certificate.ExportCertificatePem() + "\n";
    }
}
