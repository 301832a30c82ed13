using System.Text.Json;
using Gatehouse.Portal.Routes;
using Xunit;
using static Gatehouse.Portal.Tests.Components.Resources;

namespace Gatehouse.Portal.Tests.Views;

public sealed class RouteOutlineTests
{
    [Fact]
    public void Of_NoRules_HasTheOneThatMatchesEverything()
    {
        var rule = Assert.Single(RouteOutline.Of(Route("{}")).Rules);
        var match = Assert.Single(rule.Matches);
        Assert.Equal((null, "under", "/"), (match.Method, match.PathWord, match.Path));
    }

    [Fact]
    public void Of_Match_SaysMethodPathHeadersAndParameters()
    {
        var rule = Assert.Single(RouteOutline.Of(Route("""
            {"rules":[{"matches":[{"method":"POST","path":{"type":"Exact","value":"/a"},"headers":[{"name":"X-A","value":"1"}],
              "queryParams":[{"type":"RegularExpression","name":"q","value":"^x"}]}]}]}
            """)).Rules);
        var match = Assert.Single(rule.Matches);
        Assert.Equal(("POST", "is", "/a"), (match.Method, match.PathWord, match.Path));
        Assert.Equal(["header X-A = 1", "query q like ^x"], match.Conditions);
    }

    [Fact]
    public void Of_SpecOfAnotherShape_IsReadAsFarAsItGoes()
    {
        var outline = RouteOutline.Of(Route("""{"hostnames":"shop","rules":[{"matches":{},"backendRefs":[{"weight":"x"}]}]}"""));
        Assert.Empty(outline.Hostnames);
        Assert.Equal(100, Assert.Single(Assert.Single(outline.Rules).Shares).Percent);
    }

    [Fact]
    public void Shares_AbsentWeights_CountOneEach() =>
        Assert.Equal([25, 50, 25], Shares("""[{"name":"a"},{"name":"b","weight":2},{"name":"c"}]""").Select(s => s.Percent));

    [Fact]
    public void Shares_AllWeightsZero_GetNothing() =>
        Assert.All(Shares("""[{"name":"a","weight":0},{"name":"b","weight":0}]"""), share => Assert.Equal(0, share.Percent));

    [Fact]
    public void Shares_LargestWeights_DoNotOverflow() =>
        Assert.Equal(50, Shares("""[{"name":"a","weight":1000000},{"name":"b","weight":1000000}]""")[1].Start);

    [Theory]
    [InlineData("""{"type":"URLRewrite","urlRewrite":{"hostname":"b.example.com","path":{"type":"ReplaceFullPath","replaceFullPath":"/x"}}}""", "rewrite host to b.example.com and path to /x")]
    [InlineData("""{"type":"RequestHeaderModifier","requestHeaderModifier":{"set":[{"name":"A","value":"1"}],"remove":["B"]}}""", "request headers: A = 1, without B")]
    [InlineData("""{"type":"RequestMirror","requestMirror":{"backendRef":{"name":"shadow"}}}""", "mirror to shadow")]
    [InlineData("""{"type":"ExtensionRef"}""", "ExtensionRef")]
    [InlineData("{}", "filter")]
    public void FilterWords_AnyFilter_AreShort(string filter, string words) => Assert.Equal(words, FilterWords.Describe(JsonElement.Parse(filter)));

    private static IReadOnlyList<ShareView> Shares(string references) => ShareView.Of([.. JsonElement.Parse(references).EnumerateArray()]);
}
