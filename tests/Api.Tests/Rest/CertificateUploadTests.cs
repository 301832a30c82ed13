using System.Text.Json;
using Gatehouse.Testing.Certificates;
using Npgsql;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

/// <summary>The forms in which certificates are uploaded, and those that nobody uploads.</summary>
public sealed class CertificateUploadTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Certificates = "/api/v1/tenants/shop/certificates";

    private ApiClient Admin => api.As("shop", "admin");

    [Fact]
    public async Task Put_EncryptedKey_IsStoredAsIfItWereNot()
    {
        var pair = TestKeyPair.Ec("encrypted.example.com");

        var created = await Admin.PutAsync($"{Certificates}/encrypted", Body(new { certificate = pair.Certificate, privateKey = pair.EncryptedPrivateKey(), passphrase = "passphrase" }));
        var same = await Admin.PutAsync($"{Certificates}/encrypted", Body(new { certificate = pair.Certificate, privateKey = pair.PrivateKey }));

        Assert.Equal("certificate", Assert.Single(created.Expect(201).Json.GetProperty("spec").EnumerateObject()).Name);
        Assert.Equal(created.ETag, same.Expect(200).ETag);
        Assert.Equal("True", ConditionOf(await Admin.GetAsync($"{Certificates}/encrypted?waitFor=Issued&timeout=10s"), "Issued"));
    }

    [Fact]
    public async Task Put_Pkcs12_StoresItsKeyAndItsChainInOrder()
    {
        var chain = TestChain.Create("pfx.example.com");
        var file = chain.Pkcs12("passphrase", chain.Root + chain.Intermediates[1] + chain.Intermediates[0]);

        var created = (await Admin.PutAsync($"{Certificates}/pfx", Body(new { pkcs12 = file, passphrase = "passphrase" }))).Expect(201);

        var spec = created.Json.GetProperty("spec");
        Assert.Equal(chain.Leaf.Certificate + string.Concat(chain.Intermediates) + chain.Root, spec.GetProperty("certificate").GetString());
        Assert.Single(spec.EnumerateObject());
        Assert.Equal("True", ConditionOf(await Admin.GetAsync($"{Certificates}/pfx?waitFor=Issued&timeout=10s"), "Issued"));
    }

    [Fact]
    public async Task Patch_Pkcs12_TakesThePlaceOfWhatIsStored()
    {
        var (first, second) = (TestChain.Create("first.example.com", 0), TestChain.Create("second.example.com", 0));
        (await Admin.PostAsync(Certificates, JsonSerializer.Serialize(new { name = "patched", spec = new { pkcs12 = first.Pkcs12(null, "") } }))).Expect(201);

        var patched = (await Admin.PatchAsync($"{Certificates}/patched", Body(new { pkcs12 = second.Pkcs12("passphrase", ""), passphrase = "passphrase" }))).Expect(200);

        Assert.Equal(second.Leaf.Certificate, patched.Json.GetProperty("spec").GetProperty("certificate").GetString());
        Assert.Equal(2, patched.Json.GetProperty("generation").GetInt64());
        (await Admin.PatchAsync($"{Certificates}/patched", """{"labels":{"a":"b"}}""")).Expect(200);
    }

    [Fact]
    public async Task Put_ChainInDisorder_IsPutInOrderByTheKeyOrWithoutIt()
    {
        var chain = TestChain.Create("order.example.com");
        var ordered = chain.Leaf.Certificate + string.Concat(chain.Intermediates);
        var disordered = chain.Intermediates[1] + chain.Leaf.Certificate + chain.Intermediates[0];

        var created = (await Admin.PutAsync($"{Certificates}/order", Body(new { certificate = disordered, privateKey = chain.Leaf.PrivateKey }))).Expect(201);
        var withoutKey = (await Admin.PutAsync($"{Certificates}/order", Body(new { certificate = chain.Intermediates[0] + disordered }))).Expect(200);

        Assert.Equal(ordered, created.Json.GetProperty("spec").GetProperty("certificate").GetString());
        Assert.False(created.Json.TryGetProperty("warnings", out _));
        Assert.Equal(created.ETag, withoutKey.ETag);
    }

    [Fact]
    public async Task Put_ChainThatClientsRefuse_Warns()
    {
        var chain = TestChain.Create("warned.example.com");
        var expired = TestKeyPair.Ec((-30, -1), "expired.example.com");

        var alone = (await Admin.PutAsync($"{Certificates}/alone", Body(new { certificate = chain.Leaf.Certificate, privateKey = chain.Leaf.PrivateKey }))).Expect(201);
        var posted = (await Admin.PostAsync(Certificates, JsonSerializer.Serialize(new { name = "late", spec = new { certificate = expired.Certificate, privateKey = expired.PrivateKey } }))).Expect(201);

        Assert.Contains("is missing", Assert.Single(alone.Json.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Contains("expired on", Assert.Single(posted.Json.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.False((await Admin.GetAsync($"{Certificates}/alone")).Expect(200).Json.TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task Put_FormsThatContradict_AreRefused()
    {
        var chain = TestChain.Create("wrong.example.com", 0);
        var pair = chain.Leaf;
        var file = chain.Pkcs12("passphrase", "");
        var encrypted = pair.EncryptedPrivateKey();
        var cases = new (object Spec, string Field, string Code)[]
        {
            (new { pkcs12 = file, passphrase = "passphrase", certificate = pair.Certificate }, "pkcs12", "not_allowed"),
            (new { pkcs12 = file, passphrase = "passphrase", privateKey = pair.PrivateKey }, "pkcs12", "not_allowed"),
            (new { pkcs12 = file, passphrase = "another" }, "pkcs12", "invalid_format"),
            (new { pkcs12 = file }, "pkcs12", "invalid_format"),
            (new { pkcs12 = "not base64!" }, "pkcs12", "invalid_format"),
            (new { pkcs12 = 5 }, "pkcs12", "invalid_type"),
            (new { pkcs12 = new string('A', 200_000) }, "pkcs12", "too_long"),
            (new { certificate = pair.Certificate, privateKey = encrypted }, "passphrase", "required"),
            (new { certificate = pair.Certificate, privateKey = encrypted, passphrase = "another" }, "passphrase", "conflict"),
            (new { certificate = pair.Certificate, privateKey = pair.PrivateKey, passphrase = "passphrase" }, "passphrase", "not_allowed"),
            (new { certificate = pair.Certificate, passphrase = "passphrase" }, "passphrase", "not_allowed"),
            (new { certificate = pair.Certificate, privateKey = encrypted, passphrase = new string('x', 2000) }, "passphrase", "too_long"),
            (new { passphrase = "passphrase" }, "certificate", "required"),
        };
        foreach (var (spec, field, code) in cases)
        {
            var answer = (await Admin.PutAsync($"{Certificates}/wrong", Body(spec))).ExpectProblem(422, "invalid").ExpectField("/spec/" + field, code);
            Assert.DoesNotContain("another\"", answer.Text, StringComparison.Ordinal);
        }
        var pem = JsonSerializer.Serialize(chain.Root + pair.Certificate);
        var twice = """{"spec":{"certificate":PEM,"certificate":PEM,"privateKey":KEY}}"""
            .Replace("PEM", pem, StringComparison.Ordinal).Replace("KEY", JsonSerializer.Serialize(pair.PrivateKey), StringComparison.Ordinal);
        (await Admin.PutAsync($"{Certificates}/wrong", twice)).ExpectProblem(422, "invalid").ExpectField("/spec/certificate", "duplicate_field");
        (await Admin.GetAsync($"{Certificates}/wrong")).Expect(404);
    }

    [Fact]
    public async Task Write_CertificateThatGatehouseManages_IsAConflict()
    {
        var pair = TestKeyPair.Ec("managed.example.com");
        var body = Body(new { certificate = pair.Certificate, privateKey = pair.PrivateKey });
        (await Admin.PutAsync($"{Certificates}/managed", body)).Expect(201);
        await ManageAsync("managed", "managed.example.com");
        var read = (await Admin.GetAsync($"{Certificates}/managed")).Expect(200);

        Assert.Equal("managed.example.com", read.Json.GetProperty("spec").GetProperty("managedFor").GetString());
        var import = JsonSerializer.Serialize(new { apiVersion = "gatehouse.dev/v1", kind = "Certificate", metadata = new { name = "managed", @namespace = "shop" }, spec = new { certificate = pair.Certificate, privateKey = pair.PrivateKey } });
        foreach (var answer in new[]
        {
            await Admin.PutAsync($"{Certificates}/managed", body),
            await Admin.PutAsync($"{Certificates}/managed", read.Text),
            await Admin.PatchAsync($"{Certificates}/managed", """{"labels":{"a":"b"}}"""),
            await Admin.PatchAsync($"{Certificates}/managed", """{"spec":{"managedFor":null}}"""),
            await Admin.DeleteAsync($"{Certificates}/managed"),
        })
        {
            Assert.Contains("spec.certificate", answer.ExpectProblem(409, "managed_certificate").Text, StringComparison.Ordinal);
            Assert.Contains("managed.example.com", answer.Text, StringComparison.Ordinal);
        }
        var imported = (await Admin.SendAsync("POST", "/api/v1/tenants/shop/import?source=managed&takeover=true", import, "application/json")).Expect(200);
        Assert.Contains("spec.certificate", imported.Text, StringComparison.Ordinal);
        Assert.Equal(read.ETag, (await Admin.GetAsync($"{Certificates}/managed")).Expect(200).ETag);
    }

    [Fact]
    public async Task Write_ManagedForOfOnesOwn_IsAConflict()
    {
        var pair = TestKeyPair.Ec("mine.example.com");
        (await Admin.PutAsync($"{Certificates}/mine", Body(new { certificate = pair.Certificate, privateKey = pair.PrivateKey, managedFor = "mine.example.com" })))
            .ExpectProblem(409, "managed_certificate");
        (await Admin.PutAsync($"{Certificates}/mine", Body(new { certificate = pair.Certificate, privateKey = pair.PrivateKey }))).Expect(201);

        (await Admin.PatchAsync($"{Certificates}/mine", """{"spec":{"managedFor":"mine.example.com"}}""")).ExpectProblem(409, "managed_certificate");
        (await Admin.DeleteAsync($"{Certificates}/mine")).Expect(204);
    }

    private static string Body(object spec) => JsonSerializer.Serialize(new { spec });

    private static string? ConditionOf(ApiAnswer answer, string type) =>
        answer.Expect(200).Json.GetProperty("status").GetProperty("conditions").EnumerateArray()
            .Single(entry => entry.GetProperty("type").GetString() == type).GetProperty("status").GetString();

    /// <summary>What Gatehouse itself does when it has had a certificate issued.</summary>
    private async Task ManageAsync(string name, string hostname)
    {
        await using var connection = new NpgsqlConnection(api.Database.Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "UPDATE resources SET spec = spec || jsonb_build_object('managedFor', $2::text) WHERE kind = 'Certificate' AND name = $1", connection)
        {
            Parameters = { new() { Value = name }, new() { Value = hostname } },
        };
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
