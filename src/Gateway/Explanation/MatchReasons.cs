using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Explanation;

/// <summary>Puts into words what a match asks for, why a request does not fulfil it, and why one match ranks before another.</summary>
internal static class MatchReasons
{
    /// <summary>What a match asks for.</summary>
    public static string Describe(CompiledMatch match)
    {
        var parts = new List<string> { $"path {match.PathType} {match.Path}" };
        if (match.Method is { } method)
            parts.Add($"method {method}");
        parts.AddRange((match.Headers ?? []).Select(header => $"header {Describe(header)}"));
        parts.AddRange((match.Query ?? []).Select(parameter => $"query {Describe(parameter)}"));
        return string.Join(", ", parts);
    }

    /// <summary>The parts of a match that a request does not fulfil. Each is asked of the data plane's own matcher.</summary>
    public static string Misses(CompiledMatch match, MatchableRequest request)
    {
        var bare = new CompiledMatch { Rule = 0, PathType = "PathPrefix", Path = "/" };
        var parts = new List<(CompiledMatch Part, string Text)> { (bare with { PathType = match.PathType, Path = match.Path }, $"path {match.PathType} {match.Path}") };
        if (match.Method is { } method)
            parts.Add((bare with { Method = method }, $"method {method}"));
        parts.AddRange((match.Headers ?? []).Select(header => (bare with { Headers = [header] }, $"header {Describe(header)}")));
        parts.AddRange((match.Query ?? []).Select(parameter => (bare with { Query = [parameter] }, $"query {Describe(parameter)}")));
        return string.Join(", ", parts.Where(part => !Fits(part.Part, request)).Select(part => part.Text));
    }

    /// <summary>Why a match that fits ranks before another one of the same host.</summary>
    public static string Outranks(CompiledMatch winner, RuleSource from, CompiledMatch loser, RuleSource than)
    {
        var isGrpc = from.Kind == ResourceKind.GrpcRoute;
        var order = isGrpc ? GrpcPrecedence.Compare(winner, loser) : MatchPrecedence.Compare(winner, loser);
        if (order > 0)
            return "the winner's route names the host more specifically";
        if (order < 0)
            return isGrpc ? "the winner names more of service and method, or more headers" : Criterion(winner, loser);
        if (from.Tenant != than.Tenant || from.Name != than.Name || from.Kind != than.Kind)
            return "the winner's route is older, or first by tenant and name";
        return from.Rule != than.Rule ? "the winner's rule comes first in the route" : "the winner comes first in the rule";
    }

    private static string Criterion(CompiledMatch winner, CompiledMatch loser)
    {
        if (winner.PathType != loser.PathType)
            return $"{winner.PathType} paths rank before {loser.PathType}";
        if (winner.PathType == "PathPrefix" && winner.Path.Length != loser.Path.Length)
            return "the winner's prefix is longer";
        if ((winner.Method is null) != (loser.Method is null))
            return "the winner asks for a method";
        return (winner.Headers?.Count ?? 0) != (loser.Headers?.Count ?? 0) ? "the winner asks for more headers" : "the winner asks for more query parameters";
    }

    private static bool Fits(CompiledMatch part, MatchableRequest request)
    {
        var entry = new HostEntry { Listener = "", Hostname = "*", Rules = [new CompiledRule { Source = new RuleSource("", "", "", 0) }], Matches = [part] };
        return new HostMatcher(entry).Fits(0, request);
    }

    private static string Describe(ValueMatch match) => match.Regex ? $"{match.Name} ~ {match.Value}" : $"{match.Name} = {match.Value}";
}
