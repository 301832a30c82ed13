using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>HTTPRoute (https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec).</summary>
internal static class HttpRoutes
{
    private const int MaxMatches = 128;
    private static readonly TextChoice DefaultGateways = new("All", "None");

    public static HttpRouteSpec Read(ObjectReader spec)
    {
        var route = new HttpRouteSpec
        {
            ParentRefs = ParentRefs.Read(spec),
            UseDefaultGateways = spec.Text("useDefaultGateways", DefaultGateways),
            Hostnames = spec.Texts("hostnames", Count.AtMost(16), Formats.Hostname),
            Rules = spec.List("rules", new Count(1, 16), ReadRule),
        };
        // "Rule name must be unique within the route".
        spec.RequireUnique("rules", route.Rules, rule => rule.Name, "Another rule has this name: give each rule a name of its own.");
        RequireFewMatches(spec, route.Rules);
        return route;
    }

    /// <summary>"the total number of matches across all rules in a route must be less than 128" (its expression says at most); an absent list counts as its default, one match.</summary>
    private static void RequireFewMatches(ObjectReader spec, IReadOnlyList<HttpRouteRule>? rules)
    {
        var matches = rules?.Sum(rule => rule.Matches?.Count ?? 1) ?? 0;
        if (matches > MaxMatches)
            spec.Report(ErrorCodes.TooMany, $"All rules together may have {MaxMatches} matches; they have {matches}. Split the route.", "rules");
    }

    private static HttpRouteRule ReadRule(ObjectReader reader)
    {
        var rule = new HttpRouteRule
        {
            Name = reader.Text("name", Formats.SectionName),
            Matches = reader.List("matches", Count.AtMost(64), HttpMatches.Read),
            Filters = HttpFilters.ReadList(reader),
            BackendRefs = reader.List("backendRefs", Count.AtMost(16), ReadBackendRef),
            Timeouts = reader.Object("timeouts", ReadTimeouts),
            Retry = reader.Object("retry", ReadRetry),
            SessionPersistence = reader.Object("sessionPersistence", SessionPersistenceRules.Read),
        };
        HttpRuleRules.Check(reader, rule);
        return rule;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref</summary>
    private static HttpBackendRef ReadBackendRef(ObjectReader reader)
    {
        var reference = new HttpBackendRef
        {
            Group = reader.Text("group", Formats.Group),
            Kind = reader.Text("kind", Formats.Kind),
            Name = reader.RequiredText("name", Formats.ObjectName),
            Namespace = reader.Text("namespace", Formats.Namespace),
            Port = reader.Integer("port", References.MinPort, References.MaxPort),
            Weight = reader.Integer("weight", 0, 1_000_000),
            Filters = HttpFilters.ReadList(reader),
        };
        References.RequirePort(reader, reference);
        return reference;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts</summary>
    private static HttpRouteTimeouts ReadTimeouts(ObjectReader reader)
    {
        var timeouts = new HttpRouteTimeouts
        {
            Request = reader.Text("request", Formats.Duration),
            BackendRequest = reader.Text("backendRequest", Formats.Duration),
        };
        // "backendRequest timeout cannot be longer than request timeout"; a request timeout of zero is none.
        if (GatewayDuration.TryParse(timeouts.Request, out var request) && request > TimeSpan.Zero
            && GatewayDuration.TryParse(timeouts.BackendRequest, out var backendRequest) && backendRequest > request)
            reader.Report(ErrorCodes.OutOfRange, $"Must not be longer than 'request' ({timeouts.Request}): shorten it, or lengthen 'request'.", "backendRequest");
        return timeouts;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httprouteretry</summary>
    private static HttpRouteRetry ReadRetry(ObjectReader reader) => new()
    {
        Codes = reader.IntegerSet("codes", Count.Any, 400, 599),
        Attempts = reader.LongInteger("attempts", 1, long.MaxValue),
        Backoff = reader.Text("backoff", Formats.Duration),
    };
}
