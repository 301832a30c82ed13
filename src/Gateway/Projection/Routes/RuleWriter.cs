using System.Text.Json.Nodes;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Routes;

/// <summary>
/// Writes rules with all defaults, as the API server would store them: `rules` is one atomic list, so a default that is left out would
/// look like somebody else's change (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy).
/// </summary>
internal static class RuleWriter
{
    private const int MaxRules = 16;

    /// <summary>Writes the rules of a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="rewrite">Rewrites a reference to a backend.</param>
    /// <param name="problem">Why they cannot be written; null: they can.</param>
    public static JsonArray Write(Resource route, Action<JsonObject> rewrite, out string? problem)
    {
        problem = null;
        var rules = route switch
        {
            Resource<HttpRouteSpec> http => Node(http.Spec.Rules is { Count: > 0 } written ? written : [new HttpRouteRule()]),
            Resource<GrpcRouteSpec> grpc => Node(grpc.Spec.Rules ?? []),
            Resource<TlsRouteSpec> tls => Node(tls.Spec.Rules),
            Resource<TcpRouteSpec> tcp => Node(tcp.Spec.Rules),
            Resource<UdpRouteSpec> udp => Node(udp.Spec.Rules),
            _ => throw new ArgumentException($"{route.Key} is no route.", nameof(route)),
        };
        if (rules.Count > MaxRules)
            problem = $"A route has at most {MaxRules} rules.";
        foreach (var rule in rules.OfType<JsonObject>())
        {
            if (route.Key.Kind == ResourceKind.HttpRoute)
                HttpMatches(rule);
            else if (route.Key.Kind == ResourceKind.GrpcRoute)
                GrpcMatches(rule);
            if (rule["sessionPersistence"] is JsonObject session)
                Session(session);
            Filters(rule, rewrite);
            foreach (var backend in Items(rule, "backendRefs"))
            {
                rewrite(backend);
                backend.TryAdd("weight", 1);
                Filters(backend, rewrite);
            }
        }
        return rules;
    }

    private static JsonArray Node(object rules) => (JsonArray)ObjectWriter.Node(rules);

    private static void HttpMatches(JsonObject rule)
    {
        if (rule["matches"] is not JsonArray { Count: > 0 })
            rule["matches"] = new JsonArray(new JsonObject());
        foreach (var match in Items(rule, "matches"))
        {
            if (match["path"] is not JsonObject path)
                match["path"] = path = [];
            path.TryAdd("type", "PathPrefix");
            path.TryAdd("value", "/");
            foreach (var condition in Items(match, "headers").Concat(Items(match, "queryParams")))
                condition.TryAdd("type", "Exact");
        }
    }

    private static void GrpcMatches(JsonObject rule)
    {
        foreach (var match in Items(rule, "matches"))
        {
            (match["method"] as JsonObject)?.TryAdd("type", "Exact");
            foreach (var condition in Items(match, "headers"))
                condition.TryAdd("type", "Exact");
        }
    }

    private static void Session(JsonObject session)
    {
        session.TryAdd("type", "Cookie");
        if ((string?)session["type"] == "Cookie" && session["cookieConfig"] is JsonObject cookie)
            cookie.TryAdd("lifetimeType", "Session");
    }

    private static void Filters(JsonObject owner, Action<JsonObject> rewrite)
    {
        foreach (var filter in Items(owner, "filters"))
        {
            (filter["requestRedirect"] as JsonObject)?.TryAdd("statusCode", 302);
            (filter["cors"] as JsonObject)?.TryAdd("maxAge", 5);
            if (filter["requestMirror"] is JsonObject mirror)
            {
                (mirror["fraction"] as JsonObject)?.TryAdd("denominator", 100);
                if (mirror["backendRef"] is JsonObject mirrored)
                    rewrite(mirrored);
            }
            if (filter["externalAuth"]?["backendRef"] is JsonObject authority)
                rewrite(authority);
        }
    }

    private static JsonObject[] Items(JsonObject owner, string field) => (owner[field] as JsonArray)?.OfType<JsonObject>().ToArray() ?? [];
}
