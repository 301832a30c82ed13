using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>HTTPRoute (https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec).</summary>
internal static class HttpRoutes
{
    public static HttpRouteSpec Read(ObjectReader spec)
    {
        var route = new HttpRouteSpec
        {
            ParentRefs = ParentRefs.Read(spec),
            UseDefaultGateways = ParentRefs.ReadUseDefaultGateways(spec),
            Hostnames = spec.Texts("hostnames", Count.AtMost(16), Formats.Hostname),
            Rules = spec.List("rules", new Count(1, 16), ReadRule),
        };
        RouteRules.RequireUniqueNames(spec, route.Rules, rule => rule.Name);
        // An absent list counts as its default, one match.
        RouteRules.RequireFewMatches(spec, route.Rules?.Sum(rule => rule.Matches?.Count ?? 1) ?? 0);
        return route;
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
            Weight = References.Weight(reader),
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
