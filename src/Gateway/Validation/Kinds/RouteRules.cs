using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>What the rules of every route kind have in common.</summary>
internal static class RouteRules
{
    private const int MaxMatches = 128;

    /// <summary>"Rule name must be unique within the route".</summary>
    public static void RequireUniqueNames<TRule>(ObjectReader spec, IReadOnlyList<TRule>? rules, Func<TRule, string?> name) =>
        spec.RequireUnique("rules", rules, name, "Another rule has this name: give each rule a name of its own.");

    /// <summary>"the total number of matches across all rules in a route must be less than 128" (its expression says at most).</summary>
    public static void RequireFewMatches(ObjectReader spec, int matches)
    {
        if (matches > MaxMatches)
            spec.Report(ErrorCodes.TooMany, $"All rules together may have {MaxMatches} matches; they have {matches}. Split the route.", "rules");
    }
}
