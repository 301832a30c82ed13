using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Inputs;
using Xunit;

namespace Gatehouse.Gateway.Tests.Compilation;

public sealed class NameTreeTests
{
    private static readonly string[] Names =
        ["*", "com", "a.com", "b.a.com", "c.b.a.com", "*.com", "*.a.com", "*.b.a.com", "aa.com", "*.aa.com", "x.dev", "*.dev"];

    [Fact]
    public void Intersecting_RandomNames_FindsWhatIntersectionSays()
    {
        var random = new Random(5);
        var tree = new NameTree<string>();
        var present = new HashSet<(string Scope, string Name)>();
        for (var step = 0; step < 3_000; step++)
        {
            var scope = random.Next(2) == 0 ? "one" : "two";
            var name = Names[random.Next(Names.Length)];
            if (random.Next(2) == 0)
            {
                tree.Add(scope, name, name);
                present.Add((scope, name));
            }
            else
            {
                tree.Remove(scope, name, name);
                present.Remove((scope, name));
            }
            var asked = Names[random.Next(Names.Length)];
            var expected = present.Where(entry => entry.Scope == scope && HostnameSet.Intersect(entry.Name, asked) is not null).Select(entry => entry.Name);
            Assert.Equal(expected.Order(StringComparer.Ordinal), tree.Intersecting(scope, asked).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("a.com", "a.com", "a.com")]
    [InlineData("*.com", "b.a.com", "b.a.com")]
    [InlineData("*.a.com", "*.com", "*.a.com")]
    [InlineData("*.a.com", "a.com", null)]
    [InlineData("*.a.com", "*.b.com", null)]
    [InlineData("*.a.com", "aa.com", null)]
    [InlineData("*", "*.a.com", "*.a.com")]
    [InlineData("*", "*", "*")]
    public void Intersect_TwoHostnames_GivesTheNarrowerOrNothing(string left, string right, string? expected)
    {
        Assert.Equal(expected, HostnameSet.Intersect(left, right));
        Assert.Equal(expected, HostnameSet.Intersect(right, left));
    }
}
