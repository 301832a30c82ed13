using System.Security.Cryptography.X509Certificates;
using Gatehouse.Testing.Acme;
using Xunit;

namespace Gatehouse.Acme.Tests.Pebble;

/// <summary>Chains, revocation and renewal information of certificates that were issued.</summary>
public sealed class CertificateTests
{
    [Fact]
    public async Task Chain_ForPreferredRoot_LeadsThere()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { AlternateRoots = 2, ChainLength = 3 });
        using var issuance = await Issuance.StartAsync(pebble);
        using var usualRoot = await pebble.RootAsync();
        using var otherRoot = await pebble.RootAsync(2);

        var usual = await issuance.IssueAsync(["usual.example.com"]);
        var other = await issuance.IssueAsync(["other.example.com"], root: NameOf(otherRoot));
        var unknown = await issuance.IssueAsync(["unknown.example.com"], root: "No such root");

        Assert.True(usual.IsTrustedBy(usualRoot));
        Assert.False(usual.IsTrustedBy(otherRoot));
        Assert.True(other.IsTrustedBy(otherRoot));
        Assert.False(other.IsTrustedBy(usualRoot));
        Assert.Equal(NameOf(usualRoot), unknown.Chain.Root);
        Assert.Equal(3, unknown.Chain.AvailableRoots.Count);
        Assert.Equal([NameOf(usualRoot)], usual.Chain.AvailableRoots);
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(usual.Chain.Pem);
        Assert.Equal(4, certificates.Count);
    }

    [Theory]
    [InlineData(false, CertificateKeyKind.EcdsaP256)]
    [InlineData(true, CertificateKeyKind.EcdsaP256)]
    [InlineData(true, CertificateKeyKind.EcdsaP384)]
    [InlineData(true, CertificateKeyKind.Rsa2048)]
    public async Task Certificate_Revoked_IsRevokedOnce(bool byItsKey, CertificateKeyKind kind)
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        var issued = await issuance.IssueAsync(["revoked.example.com"], kind: kind);
        using var key = CertificateKey.Import(issued.Key.ExportPkcs8());
        Task Revoke() => byItsKey ? issuance.Client.RevokeAsync(issued.Leaf.RawData, key, 4) : issuance.Client.RevokeAsync(issued.Leaf.RawData, 4);

        var before = await pebble.StatusAsync(issued.Leaf);
        await Revoke();
        var again = await Assert.ThrowsAsync<AcmeException>(Revoke);

        Assert.False(before.IsRevoked);
        Assert.Equal((true, (int?)4), await pebble.StatusAsync(issued.Leaf));
        Assert.Equal((AcmeErrorKind.AlreadyRevoked, true), (again.Kind, again.IsPermanent));
    }

    [Fact]
    public async Task Certificate_OfAnotherAccount_IsNotRevoked()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        using var other = await Issuance.StartAsync(pebble);
        var issued = await issuance.IssueAsync(["mine.example.com"]);

        var refusal = await Assert.ThrowsAsync<AcmeException>(() => other.Client.RevokeAsync(issued.Leaf.RawData));

        Assert.Equal(AcmeErrorKind.Unauthorized, refusal.Kind);
        Assert.False((await pebble.StatusAsync(issued.Leaf)).IsRevoked);
    }

    [Fact]
    public async Task RenewalInfo_OfCertificate_IsWhatAuthoritySays()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        if (!(await issuance.Client.GetDirectoryAsync()).HasRenewalInfo)
        {
            // A pebble from before RFC 9773: what is asked for then is nothing.
            Assert.Null(await issuance.Client.GetRenewalInfoAsync((await issuance.IssueAsync(["none.example.com"])).Leaf));
            return;
        }
        var issued = await issuance.IssueAsync(["ari.example.com"]);
        var start = DateTimeOffset.UtcNow.AddHours(-2);

        var usual = await issuance.Client.GetRenewalInfoAsync(issued.Leaf);
        await pebble.SetRenewalInfoAsync(issued.Leaf, start, start.AddHours(1), "https://example.com/why");
        var early = await issuance.Client.GetRenewalInfoAsync(issued.Leaf);

        Assert.InRange(usual!.Start, issued.Leaf.NotBefore, issued.Leaf.NotAfter);
        Assert.True(usual.Start < usual.End);
        Assert.InRange(usual.CheckAfter, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal((start, start.AddHours(1), new Uri("https://example.com/why")), (early!.Start, early.End, early.Explanation));
    }

    [Fact]
    public async Task RenewalInfo_OfCertificateOfAnotherAuthority_IsNothing()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var elsewhere = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        using var other = await Issuance.StartAsync(elsewhere);
        var issued = await other.IssueAsync(["elsewhere.example.com"]);

        Assert.Null(await issuance.Client.GetRenewalInfoAsync(issued.Leaf));
    }

    [Fact]
    public async Task Order_ThatReplaces_IsTakenOnceAndThenGoesWithout()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var issuance = await Issuance.StartAsync(pebble);
        string[] names = ["replaced.example.com"];
        var first = await issuance.IssueAsync(names);
        var id = RenewalInfo.CertificateId(first.Leaf);
        // pebble shows a certificate a moment before it knows whose order it was.
        for (var i = 0; i < 50 && await issuance.Client.GetRenewalInfoAsync(first.Leaf) is null; i++)
            await Task.Delay(20);

        var second = await issuance.IssueAsync(names, replaces: id);
        var third = await issuance.IssueAsync(names, replaces: id);

        Assert.NotNull(id);
        Assert.NotEqual(second.Leaf.SerialNumber, third.Leaf.SerialNumber);
    }

    private static string NameOf(X509Certificate2 root) => root.GetNameInfo(X509NameType.SimpleName, false);
}
