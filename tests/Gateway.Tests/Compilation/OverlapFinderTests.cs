using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Tests.Matching;
using Xunit;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>What is said never to win never does; of plain matches everything that never wins is said.</summary>
public sealed class OverlapFinderTests
{
    private static readonly string[] Paths = ["/", "/a", "/a/b", "/a/", "/b", "/ab", "/a/b/c", "/x1", "/x2"];
    private static readonly (string Type, string Path)[] Patterns =
    [
        ("PathPrefix", "/"), ("PathPrefix", "/a"), ("PathPrefix", "/a/b"), ("Exact", "/a"), ("Exact", "/"), ("Exact", "/a/"),
        ("RegularExpression", ".*"), ("RegularExpression", "/a"), ("RegularExpression", "/x[0-9]"), ("RegularExpression", "/a/b|/b"),
    ];

    [Fact]
    public void Find_RandomHosts_NamesMatchesThatNeverWin()
    {
        var flagged = 0;
        for (var seed = 0; seed < 2_000; seed++)
        {
            var host = RandomHost(new Random(seed), ordered: seed % 2 == 0);
            var winners = Requests().Select(request => new HostMatcher(host).TryMatch(request, out var index) ? index : -1).ToHashSet();
            foreach (var overlap in OverlapFinder.Find(host, []))
            {
                flagged++;
                Assert.DoesNotContain(host.Matches.Index().Single(match => match.Item.Rule == overlap.Rule && match.Item.Index == overlap.Match).Index, winners);
            }
        }
        Assert.InRange(flagged, 1_000, int.MaxValue);
    }

    [Fact]
    public void Find_EqualMatches_NamesAllButTheFirst()
    {
        var match = new CompiledMatch { Rule = 0, PathType = "PathPrefix", Path = "/a", Headers = [new("x", "1"), new("y", "2")] };
        var host = Host([match, match with { Rule = 1, Headers = [new("y", "2"), new("x", "1")] }, match with { Rule = 2, Method = "GET" }, match with { Rule = 3, Headers = [new("x", "1")] }]);
        Assert.Equal([1, 2], OverlapFinder.Find(host, []).Select(overlap => overlap.Rule));
        Assert.Equal([true, false], OverlapFinder.Find(host, []).Select(overlap => overlap.IsEqual));
    }

    private static HostEntry RandomHost(Random random, bool ordered)
    {
        var matches = Enumerable.Range(0, random.Next(2, 9)).Select(i =>
        {
            var (type, path) = Patterns[random.Next(Patterns.Length)];
            return new CompiledMatch
            {
                Rule = i,
                PathType = type,
                Path = path,
                Method = random.Next(3) == 0 ? "GET" : null,
                Headers = random.Next(3) == 0 ? [new("v", random.Next(2) == 0 ? "1" : "2")] : null,
                Query = random.Next(3) == 0 ? [new("q", "1"), .. random.Next(2) == 0 ? [new ValueMatch("r", "1")] : Array.Empty<ValueMatch>()] : null,
            };
        }).ToList();
        if (ordered)
            matches.Sort(MatchPrecedence.Within(ResourceKind.HttpRoute));
        return Host(matches);
    }

    private static HostEntry Host(List<CompiledMatch> matches) => new()
    {
        Listener = "l",
        Hostname = "*",
        Rules = [.. Enumerable.Range(0, matches.Count).Select(i => new CompiledRule { Source = new RuleSource(ResourceKind.HttpRoute, "t", "r", i) })],
        Matches = matches,
    };

    private static IEnumerable<TestRequest> Requests() =>
        from path in Paths
        from method in new[] { "GET", "POST" }
        from header in new[] { "", "1", "2" }
        from query in new[] { "", "q=1", "q=1&r=1" }
        select new TestRequest(path, method, query, header.Length == 0 ? [] : [("v", header)]);
}
