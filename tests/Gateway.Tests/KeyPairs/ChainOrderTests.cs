using System.Security.Cryptography;
using Gatehouse.Gateway.KeyPairs;
using Gatehouse.Gateway.Validation;
using Gatehouse.Testing.Certificates;
using Xunit;

namespace Gatehouse.Gateway.Tests.KeyPairs;

public sealed class ChainOrderTests
{
    private static readonly TestChain Chain = TestChain.Create("shop.example.com");

    private static string Ordered => Chain.Leaf.Certificate + Chain.Intermediates[0] + Chain.Intermediates[1] + Chain.Root;

    public static TheoryData<string, bool> Orders
    {
        get
        {
            var orders = new TheoryData<string, bool>();
            foreach (var order in new[] { "0123", "3210", "1032", "2310", "00123", "0120", "01", "10" })
            {
                orders.Add(order, true);
                orders.Add(order, false);
            }
            return orders;
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Chain_InAnyOrder_IsPutInOrder(string order, bool keyIsKnown)
    {
        string[] all = [Chain.Leaf.Certificate, .. Chain.Intermediates, Chain.Root];
        var pem = string.Concat(order.Select(digit => all[digit - '0']));
        var expected = string.Concat(order.Distinct().Order().Select(digit => all[digit - '0']));

        var arranged = ChainLinks.Arrange(pem, keyIsKnown ? Chain.Key.ExportSubjectPublicKeyInfo() : null);

        Assert.Equal(expected, arranged);
        using var read = UploadedChain.Read("", arranged).Chain;
        Assert.NotNull(read);
    }

    [Fact]
    public void Chain_InOrder_StaysAsItIsWritten()
    {
        var pem = "# the server\r\n" + Ordered + "# the end\n";

        Assert.Same(pem, ChainLinks.Arrange(pem, Chain.Key.ExportSubjectPublicKeyInfo()));
    }

    [Fact]
    public void Chain_WithTwoLeaves_BeginsWithTheOneOfTheKey()
    {
        var other = TestChain.Create("other.example.com");
        var pem = other.Leaf.Certificate + Chain.Root + Chain.Intermediates[0] + Chain.Leaf.Certificate + Chain.Intermediates[1];

        var arranged = ChainLinks.Arrange(pem, Chain.Key.ExportSubjectPublicKeyInfo());

        Assert.Equal(Ordered + other.Leaf.Certificate, arranged);
        var (_, error) = UploadedChain.Read("/c", arranged);
        Assert.Equal(("/c", ErrorCodes.NotAllowed), (error!.Pointer, error.Code));
        Assert.Contains("'CN=other.example.com'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chain_WithAuthorityOfTheSameNameAndAnotherKey_TakesTheOneThatIssued()
    {
        var twin = TestChain.Create("shop.example.com");

        var arranged = ChainLinks.Arrange(twin.Intermediates[0] + Ordered, null);

        Assert.StartsWith(Chain.Leaf.Certificate + Chain.Intermediates[0], arranged, StringComparison.Ordinal);
        Assert.Contains("did not issue", UploadedChain.Read("", twin.Leaf.Certificate + Chain.Intermediates[0]).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello world")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Chain_ThatIsNone_IsLeftToOthersToRefuse(string pem) => Assert.Equal(pem, ChainLinks.Arrange(pem, null));

    [Fact]
    public void Chain_OfFarTooMany_IsLeftToOthersToRefuse()
    {
        var pem = string.Concat(Enumerable.Repeat(Ordered, 5));

        Assert.Same(pem, ChainLinks.Arrange(pem, null));
        Assert.Contains("16", UploadedChain.Read("", pem).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_OverWeakHash_IsRefusedExceptARootsOwn()
    {
        var sha1 = TestChain.Create("sha1.example.com", hash: HashAlgorithmName.SHA1);
        var rsaSha1 = TestChain.Create("rsa.example.com", hash: HashAlgorithmName.SHA1, issuerBits: 2048);
        var pssSha1 = TestChain.Create("pss.example.com", hash: HashAlgorithmName.SHA1, issuerBits: 2048, pss: true);
        var md5 = TestChain.Create("md5.example.com", hash: HashAlgorithmName.MD5, issuerBits: 2048);
        var pss = TestChain.Create("fine.example.com", issuerBits: 2048, pss: true);
        var root = TestChain.Create("root.example.com", intermediates: 0, hash: HashAlgorithmName.SHA256, rootHash: HashAlgorithmName.SHA1);

        foreach (var (chain, hash) in new[] { (sha1, "SHA-1"), (rsaSha1, "SHA-1"), (pssSha1, "SHA-1"), (md5, "MD5") })
            Assert.Contains(hash, UploadedChain.Read("", chain.Leaf.Certificate + string.Concat(chain.Intermediates)).Error!.Message, StringComparison.Ordinal);
        Assert.Null(UploadedChain.Read("", pss.Leaf.Certificate + string.Concat(pss.Intermediates)).Error);
        Assert.Null(UploadedChain.Read("", root.Leaf.Certificate + root.Root).Error);
    }

    [Fact]
    public void Authority_WithWeakKey_IsRefused()
    {
        var weak = TestChain.Create("weak.example.com", issuerBits: 1024);

        var error = UploadedChain.Read("", weak.Leaf.Certificate + weak.Intermediates[0]).Error;

        Assert.Contains("1024 bits", error!.Message, StringComparison.Ordinal);
        Assert.Contains("'CN=Authority 2 of weak.example.com'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_OfChain_NameWhatClientsWillRefuse()
    {
        var now = DateTimeOffset.UtcNow;
        using var whole = UploadedChain.Read("", Ordered).Chain!;
        using var alone = UploadedChain.Read("", Chain.Leaf.Certificate).Chain!;
        using var own = UploadedChain.Read("", TestKeyPair.Ec("own.example.com").Certificate).Chain!;

        Assert.Empty(whole.Warnings(now));
        Assert.Empty(own.Warnings(now));
        Assert.Contains("'CN=Authority 2 of shop.example.com' is missing", Assert.Single(alone.Warnings(now)), StringComparison.Ordinal);
        Assert.Contains("expired", Assert.Single(own.Warnings(now.AddDays(40))), StringComparison.Ordinal);
        Assert.Contains("not valid before", Assert.Single(own.Warnings(now.AddDays(-40))), StringComparison.Ordinal);
    }
}
