using Gatehouse.Gateway.Matching;
using Xunit;

namespace Gatehouse.Gateway.Tests.Matching;

public sealed class RequestPathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b.js", "/a/b.js")]
    [InlineData("/%61dmin", "/admin")]
    [InlineData("/a%7Eb%2D%5f", "/a~b-_")]
    [InlineData("/a%2Fb", "/a%2Fb")]
    [InlineData("/a%2fb", "/a%2fb")]
    [InlineData("//admin", "//admin")]
    [InlineData("/a%20b%C3%A9", "/a%20b%C3%A9")]
    [InlineData("/..a/b..", "/..a/b..")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/.../x", "/.../x")]
    [InlineData("/a;b=1/c", "/a;b=1/c")]
    [InlineData("/a%252Fb", "/a%252Fb")]
    [InlineData("/100%25", "/100%25")]
    public void Path_Unambiguous_HasOneForm(string sent, string expected) => Assert.Equal(expected, RequestPath.Normalize(sent));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("admin")]
    [InlineData("/..")]
    [InlineData("/a/../b")]
    [InlineData("/a/./b")]
    [InlineData("/.")]
    [InlineData("/%2e%2e/admin")]
    [InlineData("/.%2E/admin")]
    [InlineData("/%252e%252e/admin")]
    [InlineData("/%25%32%65./admin")]
    [InlineData("/..;/admin")]
    [InlineData("/x;/../admin")]
    [InlineData("/..%2fadmin")]
    [InlineData("/a%2F..%2Fadmin")]
    [InlineData("/a/..;v=1")]
    [InlineData("/x\\..\\admin")]
    [InlineData("/x%5cadmin")]
    [InlineData("/x%255Cadmin")]
    [InlineData("/%c0%ae%c0%ae/admin")]
    [InlineData("/%00")]
    [InlineData("/a%0d%0ab")]
    [InlineData("/%u002e")]
    [InlineData("/%")]
    [InlineData("/%4")]
    [InlineData("/a b")]
    [InlineData("/a#b")]
    [InlineData("/é")]
    public void Path_Ambiguous_IsRefused(string sent) => Assert.Null(RequestPath.Normalize(sent));

    [Fact]
    public void Path_OfRandomBytes_NeverHidesADotSegment()
    {
        string[] parts = ["/", ".", "..", "%2e", "%2E", "%252e", "%25", "2e", ";", "%2f", "a", "%61", "%5c", "\\", "%", "%3b"];
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var sent = "/" + string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => parts[random.Next(parts.Length)]));
            if (RequestPath.Normalize(sent) is null)
                continue;
            var decoded = sent;
            for (var i = 0; i < 4; i++)
                decoded = Uri.UnescapeDataString(decoded);
            var segments = decoded.Split('/').Select(segment => segment.Split(';')[0]);
            Assert.DoesNotContain(segments, segment => segment is "." or "..");
            Assert.DoesNotContain('\\', decoded);
        }
    }
}
