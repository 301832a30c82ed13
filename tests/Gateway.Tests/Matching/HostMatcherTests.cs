using Gatehouse.Gateway.Matching;
using Xunit;

namespace Gatehouse.Gateway.Tests.Matching;

public sealed class HostMatcherTests
{
    [Theory]
    [InlineData("/abc", true)]
    [InlineData("/abc/", true)]
    [InlineData("/abc/def", true)]
    [InlineData("/abc//def", true)]
    [InlineData("/abcd", false)]
    [InlineData("/ABC", false)]
    [InlineData("/ab", false)]
    [InlineData("/", false)]
    public void Prefix_AgainstPath_CountsWholeSegments(string path, bool fits) =>
        Assert.Equal(fits, Fits(new CompiledMatch { Rule = 0, PathType = "PathPrefix", Path = "/abc" }, new TestRequest(path)));

    [Theory]
    [InlineData("/abc", true)]
    [InlineData("/abc/", false)]
    [InlineData("/Abc", false)]
    public void Exact_AgainstPath_ComparesAll(string path, bool fits) =>
        Assert.Equal(fits, Fits(new CompiledMatch { Rule = 0, PathType = "Exact", Path = "/abc" }, new TestRequest(path)));

    [Fact]
    public void Method_OfOtherCase_DoesNotFit()
    {
        var match = new CompiledMatch { Rule = 0, PathType = "PathPrefix", Path = "/", Method = "GET" };
        Assert.True(Fits(match, new TestRequest("/")));
        Assert.False(Fits(match, new TestRequest("/", "get")));
    }

    [Fact]
    public void Headers_WithEqualNames_OnlyFirstCounts()
    {
        var match = new CompiledMatch
        {
            Rule = 0, PathType = "PathPrefix", Path = "/", Headers = [new("version", "one"), new("VERSION", "two")],
        };
        Assert.True(Fits(match, new TestRequest("/", headers: [("version", "one")])));
    }

    [Theory]
    [InlineData("v=1", true)]
    [InlineData("v=1&v=2", true)]
    [InlineData("v=2&v=1", false)]
    [InlineData("a=b&%76=%31", true)]
    [InlineData("V=1", false)]
    [InlineData("v", false)]
    [InlineData("", false)]
    public void Query_Repeated_MatchesOnFirstValue(string query, bool fits) =>
        Assert.Equal(fits, Fits(
            new CompiledMatch { Rule = 0, PathType = "PathPrefix", Path = "/", Query = [new("v", "1")] }, new TestRequest("/", query: query)));

    [Theory]
    [InlineData("(a)\\1")]
    [InlineData("(?=a)b")]
    [InlineData("a(")]
    [InlineData("a)|(?:b")]
    [InlineData("(((a{1,99}){1,99}){1,99}){1,99}")]
    public void Regex_Unsafe_IsRefused(string pattern)
    {
        Assert.Null(TenantRegex.TryCreate(pattern, out var error));
        Assert.NotNull(error);
        var entry = Entry([new CompiledMatch { Rule = 0, PathType = "RegularExpression", Path = pattern }]);
        Assert.Throws<MatchTableException>(() => new HostMatcher(entry));
    }

    [Theory]
    [InlineData("/api", "/api", true)]
    [InlineData("/api", "/private/api", false)]
    [InlineData("/api", "/api/more", false)]
    [InlineData("/a|/b", "/b", true)]
    [InlineData("/a|/b", "/a/b", false)]
    [InlineData("^/a.*$", "/abc", true)]
    [InlineData("/a", "/a\n", false)]
    public void Regex_OnPart_DoesNotMatch(string pattern, string value, bool fits)
    {
        Assert.Equal(fits, Fits(new CompiledMatch { Rule = 0, PathType = "RegularExpression", Path = pattern }, new TestRequest(value)));
        Assert.Equal(fits, Fits(
            new CompiledMatch { Rule = 0, PathType = "PathPrefix", Path = "/", Query = [new("v", pattern, Regex: true)] }, new TestRequest("/", query: $"v={value}")));
    }

    [Fact]
    public void Entry_WithUnknownPathTypeOrRule_IsRefused()
    {
        Assert.Throws<MatchTableException>(() => new HostMatcher(Entry([new CompiledMatch { Rule = 0, PathType = "Glob", Path = "/*" }])));
        Assert.Throws<MatchTableException>(() => new HostMatcher(Entry([new CompiledMatch { Rule = 1, PathType = "Exact", Path = "/" }])));
    }

    /// <summary>The index must never change which match wins: random tables and requests, in any order of matches.</summary>
    [Fact]
    public void Index_OfRandomTables_AgreesWithScan()
    {
        var random = new Random(42);
        for (var round = 0; round < 400; round++)
        {
            var matcher = new HostMatcher(Entry([.. Enumerable.Range(0, random.Next(8, 40)).Select(_ => RandomMatch(random))]));
            for (var i = 0; i < 50; i++)
            {
                var request = RandomRequest(random);
                matcher.TryMatch(request, out var indexed);
                Assert.Equal(matcher.Scan(request), indexed);
            }
        }
    }

    [Fact]
    public void Match_OfWarmMatcher_AllocatesNothing()
    {
        var matcher = new HostMatcher(Entry([.. Enumerable.Range(0, 500).Select(i => new CompiledMatch { Rule = 0, PathType = i % 2 == 0 ? "Exact" : "PathPrefix", Path = $"/service/{i}" })]));
        var request = new TestRequest("/service/333/items/7", "POST", "a=1");
        for (var i = 0; i < 100; i++)
            Assert.True(matcher.TryMatch(request, out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            matcher.TryMatch(request, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool Fits(CompiledMatch match, TestRequest request) => new HostMatcher(Entry([match])).TryMatch(request, out _);

    private static HostEntry Entry(IReadOnlyList<CompiledMatch> matches) => new()
    {
        Listener = "shop/Gateway/main/http",
        Hostname = "shop.example.com",
        Rules = [new CompiledRule { Source = new RuleSource("HTTPRoute", "shop", "web", 0) }],
        Matches = matches,
    };

    private static string RandomPath(Random random) =>
        "/" + string.Join('/', Enumerable.Range(0, random.Next(0, 4)).Select(_ => "abc"[..random.Next(0, 3)]));

    private static CompiledMatch RandomMatch(Random random)
    {
        var type = random.Next(5) switch { 0 or 1 => "Exact", 2 or 3 => "PathPrefix", _ => "RegularExpression" };
        var path = type == "RegularExpression" ? new[] { "^/a", "b+", "/$" }[random.Next(3)] : RandomPath(random);
        return new CompiledMatch
        {
            Rule = 0,
            PathType = type,
            Path = type == "PathPrefix" && path.Length > 1 ? path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/" : path,
            Method = random.Next(3) == 0 ? "POST" : null,
            Headers = random.Next(3) == 0 ? [new ValueMatch("h", $"{random.Next(2)}", random.Next(2) == 0)] : null,
            Query = random.Next(3) == 0 ? [new ValueMatch("q", $"{random.Next(2)}")] : null,
        };
    }

    private static TestRequest RandomRequest(Random random) => new(
        RandomPath(random), random.Next(2) == 0 ? "GET" : "POST", random.Next(2) == 0 ? "" : $"q={random.Next(3)}",
        random.Next(2) == 0 ? null : [("h", $"{random.Next(3)}")]);
}
