using System.Text.Json;
using Gatehouse.Testing.Certificates;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

/// <summary>Certificates by REST: the private key goes in and never comes out.</summary>
public sealed class CertificateTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Certificates = "/api/v1/tenants/shop/certificates";

    private ApiClient Admin => api.As("shop", "admin");

    [Fact]
    public async Task Put_CertificateAndKey_IsShownWithoutTheKey()
    {
        var pair = TestKeyPair.Ec("shop.example.com", "*.shop.example.com");

        var created = (await Admin.PutAsync($"{Certificates}/web", Body(pair))).Expect(201);
        var read = (await Admin.GetAsync($"{Certificates}/web")).Expect(200);
        var list = (await Admin.GetAsync(Certificates)).Expect(200);

        foreach (var answer in new[] { created, read, list })
            Assert.All(pair.Traces, trace => Assert.DoesNotContain(trace, answer.Text, StringComparison.Ordinal));
        Assert.Equal(pair.Certificate, read.Json.GetProperty("spec").GetProperty("certificate").GetString());
        Assert.Equal("certificate", Assert.Single(read.Json.GetProperty("spec").EnumerateObject()).Name);
        var status = read.Json.GetProperty("status");
        Assert.Equal("CN=shop.example.com", status.GetProperty("certificate").GetProperty("subject").GetString());
        Assert.Equal("CN=shop.example.com", status.GetProperty("certificate").GetProperty("issuer").GetString());
        Assert.Equal(["*.shop.example.com", "shop.example.com"], status.GetProperty("certificate").GetProperty("subjectAltNames").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(64, status.GetProperty("certificate").GetProperty("fingerprint").GetString()!.Length);
        Assert.True(status.GetProperty("notAfter").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddDays(29));
        Assert.Equal(("True", "Uploaded"), ConditionOf(read, "Issued"));
        Assert.Equal("True", ConditionOf(read, "Accepted").Status);
    }

    [Fact]
    public async Task Put_WhatGetReturned_KeepsTheKeyAndTheVersion()
    {
        var pair = TestKeyPair.Rsa(2048, "keep.example.com");
        (await Admin.PutAsync($"{Certificates}/keep", Body(pair))).Expect(201);
        var read = (await Admin.GetAsync($"{Certificates}/keep")).Expect(200);

        var same = (await Admin.PutAsync($"{Certificates}/keep", read.Text, ("If-Match", read.ETag!))).Expect(200);
        var withKey = (await Admin.PutAsync($"{Certificates}/keep", Body(pair))).Expect(200);
        var labelled = (await Admin.PatchAsync($"{Certificates}/keep", """{"labels":{"a":"b"}}""")).Expect(200);

        Assert.Equal(read.ETag, same.ETag);
        Assert.Equal(read.ETag, withKey.ETag);
        Assert.Equal(1, labelled.Json.GetProperty("generation").GetInt64());
    }

    [Fact]
    public async Task Put_AnotherCertificate_NeedsItsKeyUnlessThePublicKeyIsTheSame()
    {
        var pair = TestKeyPair.Ec("renew.example.com");
        (await Admin.PutAsync($"{Certificates}/renew", Body(pair))).Expect(201);

        var renewed = await Admin.PutAsync($"{Certificates}/renew", Body(pair.Renewed("renew.example.com"), withKey: false));
        var other = await Admin.PutAsync($"{Certificates}/renew", Body(TestKeyPair.Ec("renew.example.com"), withKey: false));

        Assert.Equal(2, renewed.Expect(200).Json.GetProperty("generation").GetInt64());
        other.ExpectProblem(422, "invalid").ExpectField("/spec/privateKey", "required");
        Assert.Contains("another public key", other.Text, StringComparison.Ordinal);
        (await Admin.PatchAsync($"{Certificates}/renew", """{"spec":{"certificate":CERT}}""".Replace("CERT", JsonSerializer.Serialize(TestKeyPair.Ec("x.example.com").Certificate), StringComparison.Ordinal)))
            .ExpectProblem(422, "invalid").ExpectField("/spec/privateKey", "required");
    }

    [Fact]
    public async Task Put_OlderKeyForms_AreTaken()
    {
        foreach (var pair in new[] { TestKeyPair.Rsa(2048, "old.example.com"), TestKeyPair.Ec("old.example.com") })
        {
            (await Admin.PutAsync($"{Certificates}/old", Body(pair with { PrivateKey = pair.OldPrivateKey() }))).Expect(pair.PrivateKey.Length > 1000 ? 201 : 200);
            (await Admin.PutAsync($"{Certificates}/old", Body(pair with { PrivateKey = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + pair.OldPrivateKey() }))).Expect(200);
        }
    }

    [Fact]
    public async Task Put_WhatCannotServe_IsRefusedAndSaysWhyWithoutTheKey()
    {
        var pair = TestKeyPair.Ec("bad.example.com");
        var (leaf, issuer) = TestKeyPair.Issued("leaf.example.com");
        var cases = new (TestKeyPair Pair, string Pointer, string Code, string Words)[]
        {
            (pair with { PrivateKey = pair.EncryptedPrivateKey() }, "passphrase", "required", "passphrase"),
            (pair with { PrivateKey = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----" }, "privateKey", "not_allowed", "openssl pkcs8 -topk8"),
            (pair with { PrivateKey = TestKeyPair.Ec("other").PrivateKey }, "privateKey", "conflict", "does not belong"),
            (pair with { PrivateKey = pair.PrivateKey + pair.PrivateKey }, "privateKey", "too_many", "2 private keys"),
            (pair with { PrivateKey = "Hello world" }, "privateKey", "invalid_format", "no private key"),
            (pair with { PrivateKey = pair.Certificate }, "privateKey", "invalid_format", "spec.certificate"),
            (pair with { PrivateKey = pair.PrivateKey.Replace("MI", "AA", StringComparison.Ordinal) }, "privateKey", "invalid_format", "damaged"),
            (pair with { PrivateKey = new string('x', 20_000) }, "privateKey", "too_long", "16384"),
            (pair with { Certificate = "Hello world" }, "certificate", "invalid_format", "CERTIFICATE"),
            (pair with { Certificate = pair.Certificate + pair.PrivateKey }, "certificate", "not_allowed", "Remove the private key"),
            (TestKeyPair.Rsa(1024, "weak.example.com"), "certificate", "not_allowed", "1024 bits"),
            (leaf with { Certificate = leaf.Certificate + pair.Certificate }, "certificate", "not_allowed", "did not issue certificate 1"),
        };
        foreach (var (wrong, pointer, code, words) in cases)
        {
            var answer = (await Admin.PutAsync($"{Certificates}/bad", Body(wrong))).ExpectProblem(422, "invalid").ExpectField("/spec/" + pointer, code);
            Assert.Contains(words, answer.Text, StringComparison.Ordinal);
            Assert.All(wrong.PrivateKey.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-')), line => Assert.DoesNotContain(line, answer.Text, StringComparison.Ordinal));
        }
        (await Admin.PutAsync($"{Certificates}/bad", Body(pair, withKey: false))).ExpectProblem(422, "invalid").ExpectField("/spec/privateKey", "required");
        (await Admin.PutAsync($"{Certificates}/bad", """{"spec":{"certificate":"x","privateKey":1}}""")).ExpectProblem(422, "invalid").ExpectField("/spec/privateKey", "invalid_type");
        (await Admin.GetAsync($"{Certificates}/bad")).Expect(404);
        (await Admin.PutAsync($"{Certificates}/chain", Body(leaf with { Certificate = leaf.Certificate + issuer }))).Expect(201);
    }

    [Fact]
    public async Task Put_ExpiredCertificate_IsStoredAndSaysSo()
    {
        (await Admin.PutAsync($"{Certificates}/expired", Body(TestKeyPair.Ec((-30, -1), "expired.example.com")))).Expect(201);
        (await Admin.PutAsync($"{Certificates}/early", Body(TestKeyPair.Ec((1, 30), "early.example.com")))).Expect(201);

        Assert.Equal(("False", "Expired"), ConditionOf(await Admin.GetAsync($"{Certificates}/expired"), "Issued"));
        Assert.Equal(("False", "NotYetValid"), ConditionOf(await Admin.GetAsync($"{Certificates}/early"), "Issued"));
    }

    [Fact]
    public async Task Post_DryRunAndRepetition_StoreOnceWhatIsMeant()
    {
        var body = Body(TestKeyPair.Ec("post.example.com"), name: "post");

        (await Admin.PostAsync($"{Certificates}?dryRun=true", body)).Expect(201);
        (await Admin.GetAsync($"{Certificates}/post")).Expect(404);
        var first = (await Admin.PostAsync(Certificates, body, ("Idempotency-Key", "cert-1"))).Expect(201);
        var again = (await Admin.PostAsync(Certificates, body, ("Idempotency-Key", "cert-1"))).Expect(201);
        Assert.Equal(first.Text, again.Text);
        (await Admin.PostAsync(Certificates, body)).ExpectProblem(409, "already_exists");
        (await Admin.DeleteAsync($"{Certificates}/post")).Expect(204);
        (await Admin.PutAsync($"{Certificates}/post", Body(TestKeyPair.Ec("post.example.com"), withKey: false))).ExpectField("/spec/privateKey", "required");
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("editor")]
    public async Task Write_RoleBelowAdmin_IsForbidden(string role)
    {
        (await api.As("shop", role).PutAsync($"{Certificates}/role", Body(TestKeyPair.Ec("role.example.com")))).ExpectProblem(403, "forbidden");
        (await api.As("shop", role).GetAsync(Certificates)).Expect(200);
        (await api.As("payments", "owner").PutAsync($"{Certificates}/role", Body(TestKeyPair.Ec("role.example.com")))).ExpectProblem(404, "not_found");
    }

    [Fact]
    public async Task Delete_UsedByAListener_IsAConflict()
    {
        (await Admin.PutAsync($"{Certificates}/used", Body(TestKeyPair.Ec("used.example.com")))).Expect(201);
        (await Admin.PutAsync("/api/v1/tenants/shop/gateways/tls", """
            {"spec":{"gatewayClassName":"gatehouse","listeners":[{"name":"https","port":443,"protocol":"HTTPS","tls":{"certificateRefs":[{"name":"used"}]}}]}}
            """)).Expect(201);

        (await Admin.DeleteAsync($"{Certificates}/used")).ExpectProblem(409, "referenced");

        (await Admin.DeleteAsync("/api/v1/tenants/shop/gateways/tls")).Expect(204);
        (await Admin.DeleteAsync($"{Certificates}/used")).Expect(204);
    }

    private static string Body(TestKeyPair pair, bool withKey = true, string? name = null)
    {
        object spec = withKey ? new { certificate = pair.Certificate, privateKey = pair.PrivateKey } : new { certificate = pair.Certificate };
        return name is null ? JsonSerializer.Serialize(new { spec }) : JsonSerializer.Serialize(new { name, spec });
    }

    private static (string? Status, string? Reason) ConditionOf(ApiAnswer answer, string type)
    {
        var condition = answer.Expect(200).Json.GetProperty("status").GetProperty("conditions").EnumerateArray().Single(entry => entry.GetProperty("type").GetString() == type);
        return (condition.GetProperty("status").GetString(), condition.GetProperty("reason").GetString());
    }
}
