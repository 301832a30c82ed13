using Gatehouse.Gateway.Ingresses;
using Xunit;

namespace Gatehouse.Gateway.Tests.Ingresses;

/// <summary>Rewrites of captured rests, compared with what the expression itself does.</summary>
public sealed class CapturedPathTests
{
    [Theory]
    [InlineData("/old(/|$)(.*)", "/$2", "/old", "/")]
    [InlineData("/old(/|$)(.*)", "/new/$2", "/old", "/new/")]
    [InlineData("/old(?:/|$)(.*)", "/$1", "/old", "/")]
    [InlineData("/v1\\.0(/|$)(.*)$", "/$2", "/v1.0", "/")]
    [InlineData("/(.*)", "/$1", "/", "/")]
    [InlineData("/(.*)", "/app/$1", "/", "/app/")]
    [InlineData("/old/(.*)", "/$1", "/old", "/")]
    [InlineData("/old(/.*)?", "/new$1", "/old", "/new")]
    public void Replacement_UsualForms_IsThatOfAPrefix(string path, string target, string prefix, string replacement)
    {
        var captured = CapturedPath.Read(path)!;

        Assert.Equal((prefix, replacement), (captured.Prefix, captured.Replacement(target)));
    }

    [Theory]
    [InlineData("/old(/|$)(.*)", "/$1")]
    [InlineData("/old(/|$)(.*)", "/new$2")]
    [InlineData("/old(/|$)(.*)", "/$2/$1")]
    [InlineData("/old(/|$)(.*)", "/x?y=$2")]
    public void Replacement_OtherTargets_IsNone(string path, string target) => Assert.Null(CapturedPath.Read(path)!.Replacement(target));

    [Theory]
    [InlineData("/[a-z]+(/|$)(.*)")]
    [InlineData("/old")]
    [InlineData("/(a|b)/(.*)")]
    [InlineData("/old//(.*)")]
    public void Read_MoreThanTextAndRest_IsNone(string path) => Assert.Null(CapturedPath.Read(path));

    /// <summary>nginx's <c>rewrite "(?i)PATH" TARGET</c> replaces the whole path; ReplacePrefixMatch gives the same.</summary>
    [Theory]
    [InlineData("/old(/|$)(.*)", "/$2", "/old/a/b")]
    [InlineData("/old(/|$)(.*)", "/$2", "/old")]
    [InlineData("/old(/|$)(.*)", "/$2", "/old/")]
    [InlineData("/old(/|$)(.*)", "/new/$2", "/old/a")]
    [InlineData("/(.*)", "/app/$1", "/a/b")]
    [InlineData("/(.*)", "/app/$1", "/")]
    public void Replacement_OfARequest_IsWhatTheExpressionGives(string path, string target, string request)
    {
        var captured = CapturedPath.Read(path)!;
        var replacement = captured.Replacement(target)!;

        var expected = System.Text.RegularExpressions.Regex.Replace(request, "^" + path + ".*", target.Replace("$2", "${2}", StringComparison.Ordinal).Replace("$1", "${1}", StringComparison.Ordinal));
        var rest = captured.Prefix == "/" ? request[1..] : request[captured.Prefix.Length..].TrimStart('/');

        Assert.Equal(expected, replacement + rest);
    }
}
