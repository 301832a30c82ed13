using System.Net;
using Xunit;

namespace Gatehouse.Dns.Tests;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("Shop.Example.COM", "shop.example.com")]
    [InlineData("shop.example.com.", "shop.example.com")]
    [InlineData("*.example.com", "*.example.com")]
    [InlineData("_acme-challenge.example.com", "_acme-challenge.example.com")]
    [InlineData("XN--MNCHEN-3YA.de", "xn--mnchen-3ya.de")]
    public void Parse_OfAName_GivesItsOneForm(string text, string canonical)
    {
        Assert.Equal(canonical, DnsName.Parse(text).Text);
        Assert.Equal(DnsName.Parse(canonical), DnsName.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("a.*b.com")]
    [InlineData("a b.com")]
    [InlineData("münchen.de")]
    [InlineData("\u212Aelvin.com")]
    [InlineData("shop。example.com")]
    public void Parse_OfWhatIsNone_IsRefused(string? text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void Parse_OfLongNames_KnowsTheLimits()
    {
        var label = new string('a', 63);
        var longest = $"{label}.{label}.{label}.{new string('a', 61)}";

        Assert.True(DnsName.TryParse(longest, out _));
        Assert.True(DnsName.TryParse(longest + ".", out _));
        Assert.False(DnsName.TryParse(longest + "a", out _));
        Assert.False(DnsName.TryParse(label + "a.com", out _));
    }

    [Fact]
    public void Ancestors_OfAName_GoDownToTheLabelsAskedFor()
    {
        var name = DnsName.Parse("a.shop.example.com");

        Assert.Equal(["a.shop.example.com", "shop.example.com", "example.com"], name.WithAncestors(2).Select(one => one.Text));
        Assert.True(name.IsAtOrBelow(DnsName.Parse("example.com")));
        Assert.False(DnsName.Parse("myexample.com").IsAtOrBelow(DnsName.Parse("example.com")));
    }

    [Theory]
    [InlineData("9.9.9.9", "9.9.9.9", 53)]
    [InlineData("127.0.0.1:5353", "127.0.0.1", 5353)]
    [InlineData("[::1]:5353", "::1", 5353)]
    [InlineData("2620:fe::fe", "2620:fe::fe", 53)]
    public void Server_AsPrinted_IsReadAgain(string text, string address, int port)
    {
        var server = DnsServer.Parse(text);

        Assert.Equal(new DnsServer(IPAddress.Parse(address), port), server);
        Assert.Equal(text, server.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("010.0.0.1")]
    [InlineData("dns.example.com")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:+53")]
    [InlineData("[::1")]
    [InlineData("[::1]53")]
    public void Server_ThatIsNone_IsRefused(string text) => Assert.False(DnsServer.TryParse(text, out _));

    [Fact]
    public async Task SystemResolvers_OfAFile_AreItsServers()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "# nameserver 1.2.3.4\nsearch example.com\nnameserver 9.9.9.9\n nameserver\t2620:fe::fe # two\nnameserver nonsense\nnameserver 9.9.9.9\n");

        Assert.Equal(["9.9.9.9", "2620:fe::fe"], SystemResolvers.Read(path).Select(server => server.ToString()));

        File.Delete(path);
        Assert.Equal(["127.0.0.1"], SystemResolvers.Read(path).Select(server => server.ToString()));
    }
}
