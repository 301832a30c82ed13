using Gatehouse.Sync.Rivals;
using Xunit;

namespace Gatehouse.Sync.Tests.Rivals;

public sealed class RivalHostsTests
{
    private static readonly Rival Someone = new("Ingress", "team", "old");

    [Theory]
    [InlineData("a.example.com", "a.example.com", "a.example.com")]
    [InlineData("a.example.com", "*.example.com", "a.example.com")]
    [InlineData("a.b.example.com", "*.example.com", "a.b.example.com")]
    [InlineData("*.example.com", "a.example.com", "a.example.com")]
    [InlineData("*.example.com", "*.example.com", "*.example.com")]
    [InlineData("*.example.com", "*.a.example.com", "*.a.example.com")]
    [InlineData("*.a.example.com", "*.example.com", "*.a.example.com")]
    [InlineData("a.example.com", "b.example.com", null)]
    [InlineData("example.com", "*.example.com", null)]
    [InlineData("*.example.com", "example.com", null)]
    [InlineData("*.example.com", "a.otherexample.com", null)]
    [InlineData("a.otherexample.com", "*.example.com", null)]
    public void Of_AHostname_FindsWhatTheTwoHaveInCommon(string ours, string theirs, string? common)
    {
        var found = new RivalHosts([(theirs, Someone), ("unrelated.test", Someone)]).Of(ours).ToList();

        Assert.Equal(common is null ? [] : [(common, Someone)], found);
    }

    [Fact]
    public void IsSame_OtherOwners_AreNews()
    {
        var hosts = new RivalHosts([("a.test", Someone)]);

        Assert.True(hosts.IsSame(new RivalHosts([("a.test", Someone), ("a.test", Someone)])));
        Assert.False(hosts.IsSame(new RivalHosts([("a.test", Someone with { Name = "new" })])));
        Assert.False(hosts.IsSame(RivalHosts.None));
    }
}
