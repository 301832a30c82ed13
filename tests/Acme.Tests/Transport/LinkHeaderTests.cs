using Gatehouse.Acme.Transport;
using Xunit;

namespace Gatehouse.Acme.Tests.Transport;

public sealed class LinkHeaderTests
{
    [Fact]
    public void Targets_OfSeveralLinksInOneValue_AreThoseOfTheRelation()
    {
        string[] values =
        [
            "<https://ca.example/dir>;rel=\"index\", <https://ca.example/1>; title=\"a, <https://evil.example>; rel=alternate\" ; rel=\"alternate\",<https://ca.example/2>;REL=alternate",
            "<https://ca.example/3,4>;rel=\"up alternate\"",
        ];

        Assert.Equal(["https://ca.example/1", "https://ca.example/2", "https://ca.example/3,4"], LinkHeader.Targets(values, "alternate", 8));
        Assert.Equal(["https://ca.example/dir"], LinkHeader.Targets(values, "index", 8));
        Assert.Equal(2, LinkHeader.Targets(values, "alternate", 2).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<https://ca.example/1")]
    [InlineData("https://ca.example/1;rel=alternate")]
    [InlineData("<https://ca.example/1>")]
    [InlineData("<https://ca.example/1>;rel=\"")]
    public void Targets_OfWhatIsNoLink_AreNone(string value) => Assert.Empty(LinkHeader.Targets([value], "alternate", 8));
}
