using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Routes;

/// <summary>
/// Tells a route what it uses and its class does not list in <c>status.supportedFeatures</c>
/// (https://gateway-api.sigs.k8s.io/geps/gep-2162/). The controller may still do it, or pass it over without a word.
/// </summary>
internal static class Features
{
    /// <summary>Extended features of HTTPRoute by the field that asks for them.</summary>
    private static readonly (string Path, string Feature)[] OfHttp =
    [
        ("matches.queryParams", "HTTPRouteQueryParamMatching"), ("matches.method", "HTTPRouteMethodMatching"),
        ("filters.responseHeaderModifier", "HTTPRouteResponseHeaderModification"), ("filters.requestRedirect.scheme", "HTTPRouteSchemeRedirect"),
        ("filters.requestRedirect.port", "HTTPRoutePortRedirect"), ("filters.requestRedirect.path", "HTTPRoutePathRedirect"),
        ("filters.urlRewrite.hostname", "HTTPRouteHostRewrite"), ("filters.urlRewrite.path", "HTTPRoutePathRewrite"),
        ("filters.requestMirror", "HTTPRouteRequestMirror"), ("filters.requestMirror.percent", "HTTPRouteRequestPercentageMirror"),
        ("filters.requestMirror.fraction", "HTTPRouteRequestPercentageMirror"), ("filters.cors", "HTTPRouteCORS"),
        ("timeouts.request", "HTTPRouteRequestTimeout"), ("timeouts.backendRequest", "HTTPRouteBackendTimeout"), ("retry", "HTTPRouteRetry"),
        ("backendRefs.filters.requestHeaderModifier", "HTTPRouteBackendRequestHeaderModification"), ("name", "HTTPRouteNamedRouteRule"),
    ];

    public static void Check(ResolvedRoute route, JsonArray rules, GatewayClassTarget? target, ProjectionRun run)
    {
        if (route.Key.Kind != ResourceKind.HttpRoute || target?.GatewayClassName is not { } name
            || !run.Input.Capabilities.Classes.TryGetValue(name, out var supported) || supported.Count == 0)
        {
            return;
        }
        foreach (var (path, feature) in OfHttp.Where(entry => !supported.Contains(entry.Feature) && rules.Any(rule => Uses(rule, entry.Path))))
        {
            run.Report(route.Key, ProblemSeverity.Approximate, ProjectionReasons.FeatureNotSupported,
                $"GatewayClass `{name}` of cluster `{run.Cluster.Name}` does not list {feature}, which {path} asks for: its controller may not act on it. Remove it, or use a class that has it.");
        }
    }

    private static bool Uses(JsonNode? node, string path)
    {
        if (node is JsonArray items)
            return items.Any(item => Uses(item, path));
        if (path.Length == 0)
            return node is not null;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return node is JsonObject fields && fields.TryGetPropertyValue(dot < 0 ? path : path[..dot], out var value) && Uses(value, dot < 0 ? "" : path[(dot + 1)..]);
    }
}
