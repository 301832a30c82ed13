namespace Gatehouse.Control.Status.Clusters;

using Entry = KeyValuePair<(Subject Subject, string Type, string Reason), Explanation>;

/// <summary>Reasons of routes at one parent (https://gateway-api.sigs.k8s.io/reference/spec/#routeconditionreason).</summary>
internal static class RouteReasons
{
    private static readonly Explanation Dropped = new(
        "The controller left out the rules that it cannot serve, so their requests get no answer of yours.", "The route's owner must correct the rules that the controller names.");

    private static readonly Explanation FellBack = new(
        "The controller cannot serve the present version of the route and goes on with the last one that it could.", "The route's owner must correct what the controller names; until then no change of the route takes effect.");

    private static readonly Explanation Partial = new(
        "The controller cannot serve a part of the route.", "The route's owner must correct what the controller names.");

    public static IEnumerable<Entry> All { get; } =
    [
        Route("Accepted", "Accepted", "The controller serves the route at this parent."),
        Route("Accepted", "NotAllowedByListeners", "No listener of the parent lets routes of this kind and tenant attach.", "The owner of the Gateway must allow it in allowedRoutes of a listener, or the route must name another parent."),
        Route("Accepted", "NoMatchingListenerHostname", "No listener of the parent has a hostname that goes with those of the route.", "The route's owner must claim the Hostname, or change spec.hostnames so that they intersect a listener's hostname."),
        Route("Accepted", "NoMatchingParent", "The parent has no listener with the name or port that the route asks for.", "The route's owner must correct sectionName or port in parentRefs, or the owner of the Gateway must add that listener."),
        Route("Accepted", "UnsupportedValue", "The controller does not support a value in the route.", "The route's owner must change the value that the controller names, or a platform admin must offer a GatewayClass whose controller supports it."),
        Route("Accepted", "IncompatibleFilters", "Filters of one rule exclude each other, such as a redirect beside a rewrite.", "The route's owner must remove one of them."),
        Route("Accepted", "Pending", "The controller has not decided about the route yet.", "If this stays, whoever runs the cluster must see whether the controller runs."),
        Route("ResolvedRefs", "ResolvedRefs", "All backends and other references of the route lead somewhere they may."),
        Route("ResolvedRefs", "RefNotPermitted", "The route refers to an object of another tenant that has not allowed it.", "That tenant must allow it with a ReferenceGrant; until then requests to that backend get a 500."),
        Route("ResolvedRefs", "InvalidKind", "The route refers to a kind of object that the controller cannot send traffic to.", "The route's owner must name a Service or Backend instead."),
        Route("ResolvedRefs", "BackendNotFound", "A backend of the route does not exist in the cluster.", "The route's owner must correct the name or port in backendRefs, or create the Service in the tenant's Namespace; until then requests to it get a 500."),
        Route("ResolvedRefs", "UnsupportedProtocol", "The Service asks for an application protocol (appProtocol) that the controller or this kind of route does not support.", "The Service's owner must change appProtocol of its port, or the route's owner must use another kind of route."),
    ];

    /// <summary>Upstream tells the two forms apart by how the message begins.</summary>
    public static Explanation PartiallyInvalid(string message)
    {
        var text = message.TrimStart();
        if (text.StartsWith("Dropped Rule", StringComparison.OrdinalIgnoreCase))
            return Dropped;
        return text.StartsWith("Fall Back", StringComparison.OrdinalIgnoreCase) ? FellBack : Partial;
    }

    private static Entry Route(string type, string reason, string meaning, string nextStep = "") => new((Subject.Route, type, reason), new Explanation(meaning, nextStep));
}
