using System.Formats.Asn1;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.DataPlane.Tls;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Tls;

public sealed class CertificateStateTests
{
    private static readonly TestAuthority Authority = new();

    [Theory]
    [InlineData("ec")]
    [InlineData("ec384")]
    [InlineData("rsa")]
    public void Certificate_OfAnyKind_KeepsItsTextAndKnowsItsNames(string kind)
    {
        var (entry, key) = Issue(kind, "Shop.test", "*.shop.test");
        var texts = new[] { entry.ChainPem, entry.ChainPem + "\n", entry.ChainPem + "\n" + Authority.Pem, "# mine\n" + entry.ChainPem, entry.ChainPem.Replace("\n", "\r\n", StringComparison.Ordinal) };
        foreach (var text in texts)
        {
            foreach (var keyText in new[] { key, key + "\n", "\n" + key })
            {
                var state = new CertificateState(entry with { ChainPem = text }, new Secret(keyText));
                Assert.Equal(entry with { ChainPem = text }, state.Entry);
                Assert.Equal(keyText, state.PrivateKey.Reveal());
                Assert.Equal(["shop.test", "*.shop.test"], state.Names);
                using var loaded = state.Load();
                Assert.True(loaded.HasPrivateKey);
            }
        }
        Assert.Equal("other", new CertificateState(entry with { KeyFingerprint = "other" }, new Secret(key)).Entry.KeyFingerprint);
    }

    [Theory]
    [InlineData("ec", "ec")]
    [InlineData("rsa", "rsa")]
    [InlineData("ec", "rsa")]
    [InlineData("ec", "ec384")]
    public void Certificate_WithAnothersKey_IsRefusedAtOnce(string kind, string other)
    {
        var (entry, _) = Issue(kind, "shop.test");
        var (_, key) = Issue(other, "shop.test");
        Assert.Throws<MatchTableException>(() => new CertificateState(entry, new Secret(key)));
        Assert.Throws<MatchTableException>(() => new CertificateState(entry, new Secret(WithoutPublicPart(Issue("ec", "shop.test").Key))));
        Assert.Throws<MatchTableException>(() => new CertificateState(entry, new Secret("nothing")));
        Assert.Throws<MatchTableException>(() => new CertificateState(entry with { ChainPem = "nothing" }, new Secret(key)));
    }

    [Fact]
    public void Key_WithoutItsPublicPart_IsTaken()
    {
        var (entry, key) = Issue("ec", "shop.test");
        Assert.Equal(["shop.test"], new CertificateState(entry, new Secret(WithoutPublicPart(key))).Names);
    }

    [Fact]
    public void Certificate_WithoutAlternativeNames_IsForItsCommonName()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=Old.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var entry = new CertificateEntry { Key = "shop/old", ChainPem = certificate.ExportCertificatePem(), KeyFingerprint = "" };
        Assert.Equal(["old.test"], new CertificateState(entry, new Secret(key.ExportPkcs8PrivateKeyPem())).Names);
    }

    [Fact]
    public async Task Certificate_ThatFailsAtItsFirstUse_IsPassedOverAlone()
    {
        var (good, bad) = (TestCertificate.Of("good", "*.shop.test"), TestCertificate.Of("bad", "www.shop.test"));
        await using var gateway = await TlsTables.StartAsync(With([Https("one", "*.shop.test", good, bad)], []), good);
        var edit = new TableEdit(FeedEntry.Certificates, bad.Entry.Key, bad.Entry) { Secret = new Secret(WithForeignNumber(bad.Key, good.Key)) };
        Assert.Empty(gateway.Tables.Apply([edit]));
        for (var i = 0; i < 2; i++)
        {
            await using var client = await gateway.ConnectAsync("www.shop.test");
            Assert.Equal("*.shop.test", client.Names.Single());
        }
        gateway.Tables.Apply([new TableEdit(FeedEntry.Certificates, good.Entry.Key, null)]);
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("www.shop.test"));
        Assert.Empty(gateway.Tables.Apply([edit with { Secret = bad.Secret }]));
        await using var mended = await gateway.ConnectAsync("www.shop.test");
        Assert.Equal("www.shop.test", mended.Names.Single());
    }

    private static (CertificateEntry Entry, string Key) Issue(string kind, params string[] hostnames)
    {
        using AsymmetricAlgorithm key = kind switch
        {
            "rsa" => RSA.Create(2048),
            "ec384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        };
        var request = key is RSA rsa ? new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : new CertificateRequest("CN=x", (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        foreach (var hostname in hostnames)
            names.AddDnsName(hostname);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(names.Build(critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var entry = new CertificateEntry
        {
            Key = "shop/any", ChainPem = certificate.ExportCertificatePem(), KeyFingerprint = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())),
        };
        return (entry, key.ExportPkcs8PrivateKeyPem());
    }

    private static string WithoutPublicPart(string key) => Rewritten(key, null, keepsPoint: false);

    /// <summary>The public part of one key with the secret number of another.</summary>
    private static string WithForeignNumber(string key, string other)
    {
        using var foreign = ECDsa.Create();
        foreign.ImportFromPem(other);
        return Rewritten(key, foreign.ExportParameters(true).D, keepsPoint: true);
    }

    // RFC 5915 §3 in RFC 5208 §5.
    private static string Rewritten(string pem, byte[]? number, bool keepsPoint)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        var parameters = key.ExportParameters(true);
        var inner = new AsnWriter(AsnEncodingRules.DER);
        using (inner.PushSequence())
        {
            inner.WriteInteger(1);
            inner.WriteOctetString(number ?? parameters.D!);
            if (keepsPoint)
            {
                using var place = inner.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1));
                inner.WriteBitString([4, .. parameters.Q.X!, .. parameters.Q.Y!]);
            }
        }
        var outer = new AsnWriter(AsnEncodingRules.DER);
        using (outer.PushSequence())
        {
            outer.WriteInteger(0);
            using (outer.PushSequence())
            {
                outer.WriteObjectIdentifier("1.2.840.10045.2.1");
                outer.WriteObjectIdentifier("1.2.840.10045.3.1.7");
            }
            outer.WriteOctetString(inner.Encode());
        }
        return PemEncoding.WriteString("PRIVATE KEY", outer.Encode());
    }
}
