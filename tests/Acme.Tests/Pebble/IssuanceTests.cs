using System.Security.Cryptography.X509Certificates;
using Gatehouse.Testing.Acme;
using Xunit;

namespace Gatehouse.Acme.Tests.Pebble;

/// <summary>From names to certificates that TLS clients trust, with a real authority and its five percent of refused nonces.</summary>
public sealed class IssuanceTests
{
    [Theory]
    [InlineData(AcmeChallengeTypes.Http01, CertificateKeyKind.EcdsaP256, "shop.example.com", "www.shop.example.com")]
    [InlineData(AcmeChallengeTypes.Dns01, CertificateKeyKind.EcdsaP384, "*.example.com", "example.com")]
    [InlineData(AcmeChallengeTypes.TlsAlpn01, CertificateKeyKind.Rsa2048, "alpn.example.com")]
    [InlineData(AcmeChallengeTypes.Http01, CertificateKeyKind.Rsa4096, "rsa.example.com")]
    public async Task Certificate_ForNames_IsIssuedAndTrusted(string challenge, CertificateKeyKind kind, params string[] names)
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);

        var issued = await issuance.IssueAsync(names, challenge, kind);

        Assert.Equal(names.Order(StringComparer.Ordinal), issued.Names);
        Assert.Equal(issued.Key.ExportPublicKey(), issued.Leaf.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.True(issued.IsTrustedBy(await pebble.RootAsync()));
        Assert.Equal((await pebble.RootAsync()).GetNameInfo(X509NameType.SimpleName, false), issued.Chain.Root);
    }

    [Fact]
    public async Task Certificate_WhereNineOfTenNoncesAreRefused_IsIssued()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { BadNonces = 90 });
        using var issuance = await Issuance.StartAsync(pebble);

        var issued = await issuance.IssueAsync(["nonces.example.com"]);

        Assert.Equal(["nonces.example.com"], issued.Names);
    }
}
