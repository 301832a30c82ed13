using System.Text.Json;
using Gatehouse.Portal.Api;

namespace Gatehouse.Portal.Routes;

/// <summary>What an HTTPRoute says, for showing.</summary>
/// <param name="Hostnames">Names that it is for; empty means all of the tenant.</param>
/// <param name="Rules">In the order of the spec.</param>
public sealed record RouteOutline(IReadOnlyList<string> Hostnames, IReadOnlyList<RuleView> Rules)
{
    /// <summary>Reads a route's spec; without rules a route has one that matches every path.</summary>
    public static RouteOutline Of(ApiResource route)
    {
        ArgumentNullException.ThrowIfNull(route);
        var spec = route.Spec;
        var rules = spec.Items("rules").Select(RuleView.Of).ToList();
        return new RouteOutline([.. spec.Texts("hostnames")], rules.Count > 0 ? rules : [RuleView.Of(default)]);
    }

    /// <summary>Names of Backends of the route's own tenant that its rules send traffic to.</summary>
    public IEnumerable<string> OwnBackends(string? tenant) =>
        Rules.SelectMany(rule => rule.Shares).Where(share => share.IsBackendOf(tenant)).Select(share => share.Name).Distinct();
}

/// <summary>One rule.</summary>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="Matches">Any of them selects the rule.</param>
/// <param name="Actions">Filters in words.</param>
/// <param name="Shares">Where requests go.</param>
/// <param name="Redirects">Whether it answers with a redirect itself.</param>
public sealed record RuleView(
    string? Name, IReadOnlyList<MatchView> Matches, IReadOnlyList<string> Actions, IReadOnlyList<ShareView> Shares, bool Redirects)
{
    internal static RuleView Of(JsonElement rule)
    {
        var matches = rule.Items("matches").Select(MatchView.Of).ToList();
        return new RuleView(
            rule.Text("name"),
            matches.Count > 0 ? matches : [MatchView.Of(default)],
            [.. rule.Items("filters").Select(FilterWords.Describe)],
            ShareView.Of([.. rule.Items("backendRefs")]),
            rule.Items("filters").Any(filter => filter.Text("type") == "RequestRedirect"));
    }
}

/// <summary>One match: all of it must hold.</summary>
/// <param name="Method">HTTP method, or null for any.</param>
/// <param name="PathType">Exact, PathPrefix or RegularExpression.</param>
/// <param name="Path">The path.</param>
/// <param name="Conditions">Headers and query parameters in words.</param>
public sealed record MatchView(string? Method, string PathType, string Path, IReadOnlyList<string> Conditions)
{
    /// <summary>How the path is compared, as a word before it.</summary>
    public string PathWord => PathType switch
    {
        "Exact" => "is",
        "RegularExpression" => "like",
        _ => "under",
    };

    internal static MatchView Of(JsonElement match)
    {
        var path = match.Field("path") ?? default;
        var headers = match.Items("headers").Select(header => Describe("header", header));
        var parameters = match.Items("queryParams").Select(parameter => Describe("query", parameter));
        return new MatchView(match.Text("method"), path.Text("type") ?? "PathPrefix", path.Text("value") ?? "/", [.. headers, .. parameters]);
    }

    private static string Describe(string where, JsonElement condition) =>
        $"{where} {condition.Text("name")} {(condition.Text("type") == "RegularExpression" ? "like" : "=")} {condition.Text("value")}";
}
