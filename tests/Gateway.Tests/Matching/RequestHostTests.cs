using Gatehouse.Gateway.Matching;
using Xunit;

namespace Gatehouse.Gateway.Tests.Matching;

public sealed class RequestHostTests
{
    [Theory]
    [InlineData("shop.example.com", "shop.example.com")]
    [InlineData("Shop.Example.COM:8080", "shop.example.com")]
    [InlineData("shop.example.com.", "shop.example.com")]
    [InlineData("127.0.0.1:80", "127.0.0.1")]
    [InlineData("[::1]:80", "[::1]")]
    [InlineData("[2001:DB8::1]", "[2001:db8::1]")]
    [InlineData("localhost", "localhost")]
    public void Host_Plain_IsNormalised(string sent, string expected)
    {
        Assert.True(RequestHost.TryNormalize(sent, out var host));
        Assert.Equal(expected, host.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("a.example.com:")]
    [InlineData("a.example.com:abc")]
    [InlineData("a.example.com:70000")]
    [InlineData("a.example.com:+80")]
    [InlineData("a.example.com:80:80")]
    [InlineData("user@a.example.com")]
    [InlineData("a..example.com")]
    [InlineData(".example.com")]
    [InlineData("a.example.com/x")]
    [InlineData("a.example.com, b.example.com")]
    [InlineData("a b")]
    [InlineData("*.example.com")]
    [InlineData("[::1")]
    [InlineData("[]")]
    [InlineData("ä.example.com")]
    public void Host_Ambiguous_IsRefused(string sent) => Assert.False(RequestHost.TryNormalize(sent, out _));
}
