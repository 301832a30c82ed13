using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Says of a route which of its matches never win; names no other tenant's route.</summary>
internal static class OverlapVerdict
{
    private const int MaxMessages = 8;

    /// <summary>Shadowed=True, or null.</summary>
    /// <param name="route">The route.</param>
    /// <param name="overlaps">Its overlaps by hostname.</param>
    public static Verdict? Of(ResourceKey route, IReadOnlyList<(string Hostname, Overlap Overlap)> overlaps)
    {
        if (overlaps.Count == 0)
            return null;
        var messages = overlaps
            .GroupBy(found => (found.Overlap.Rule, found.Overlap.Match, Winner: Describe(found.Overlap, route)))
            .OrderBy(group => group.Key.Rule).ThenBy(group => group.Key.Match).ThenBy(group => group.Key.Winner, StringComparer.Ordinal)
            .Select(group => $"{Place(group.Key.Rule, group.Key.Match)} under {string.Join(", ", group.Select(found => $"`{found.Hostname}`").Distinct().Order(StringComparer.Ordinal))}: {group.Key.Winner}")
            .ToArray();
        var more = messages.Length > MaxMessages ? $"; and {messages.Length - MaxMessages} more" : "";
        return Verdict.True(Reasons.Shadowed, Reasons.Shadowed, $"Never reached, as others are asked first: {string.Join("; ", messages.Take(MaxMessages))}{more}.");
    }

    private static string Place(int rule, int? match) => match is { } index ? $"rule {rule} match {index}" : $"rule {rule}";

    private static string Describe(Overlap overlap, ResourceKey route)
    {
        var asks = overlap.Match is null ? "takes all connections" : overlap.IsEqual ? "asks for the same" : "asks for less";
        if (overlap.Winner.Tenant != route.Tenant)
            return $"another tenant's route {asks}";
        var place = Place(overlap.Winner.Rule, overlap.Match is null ? null : overlap.WinnerMatch);
        var own = overlap.Winner.Name == route.Name && overlap.Winner.Kind == route.Kind;
        return own ? $"{place} of the same route {asks}" : $"{overlap.Winner.Kind} `{overlap.Winner.Name}` {place} {asks}";
    }
}
