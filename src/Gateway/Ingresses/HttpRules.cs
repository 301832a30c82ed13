using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Kinds;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>Turns locations into rules of HTTPRoutes.</summary>
internal sealed class HttpRules(Ingress ingress, PathTranslation paths)
{
    private const int Found = 302;

    private readonly IngressSettings settings = ingress.Settings;

    /// <summary>Rules in the order in which they are asked; none if the location cannot be translated.</summary>
    public IEnumerable<HttpRouteRule> Of(IngressLocation location)
    {
        if (paths.Translate(location.Path, location.Pointer) is not { } path)
            return [];
        if (settings.Redirect is { } redirect)
            return [new HttpRouteRule { Matches = [new HttpRouteMatch { Path = path.Match }], Filters = [new HttpRouteFilter { Type = "RequestRedirect", RequestRedirect = redirect }] }];
        if (ingress.Reference(location.Path.Backend, location.Pointer + "/backend") is not { } main)
            return [];
        return RulesOf(location, path, main);
    }

    /// <summary>What app-root asks for, of a host that serves <c>/</c>.</summary>
    public HttpRouteRule? AppRoot(IEnumerable<IngressLocation> locations) => settings.AppRoot is { } root && locations.Any(location => location.Path.Path == "/")
        ? new HttpRouteRule
        {
            Matches = [new HttpRouteMatch { Path = new HttpPathMatch { Type = PathRules.Exact, Value = "/" } }],
            Filters = [new HttpRouteFilter
            {
                Type = "RequestRedirect",
                RequestRedirect = new HttpRequestRedirectFilter { StatusCode = Found, Path = new HttpPathModifier { Type = PathRules.ReplaceFullPath, ReplaceFullPath = root } },
            }],
        }
        : null;

    private IEnumerable<HttpRouteRule> RulesOf(IngressLocation location, TranslatedPath path, BackendRef main)
    {
        if (location.Canary is not { Ingress: { Notes.IsBlocked: false, Settings.Canary: { } canary } } other
            || other.Ingress.Reference(other.Path.Backend, other.Pointer + "/backend") is not { } target)
        {
            yield return Rule(path, null, [main]);
            yield break;
        }
        var (byHeader, weighted) = CanaryRules.Of(canary, main, target);
        foreach (var (header, backend) in byHeader)
            yield return Rule(path, header, [backend]);
        yield return Rule(path, null, weighted);
    }

    private HttpRouteRule Rule(TranslatedPath path, HttpHeaderMatch? header, IReadOnlyList<BackendRef> backends) => new()
    {
        Matches = [new HttpRouteMatch { Path = path.Match, Headers = header is null ? null : [header] }],
        Filters = Filters(path) is { Count: > 0 } filters ? filters : null,
        BackendRefs = [.. backends.Select(ToHttp)],
        Timeouts = settings.Timeouts,
        Retry = settings.Retry,
        SessionPersistence = settings.Session,
    };

    /// <summary>Preflights are answered before anybody is asked who sends them, as in ingress-nginx.</summary>
    private List<HttpRouteFilter> Filters(TranslatedPath path)
    {
        var filters = new List<HttpRouteFilter>();
        if (settings.Cors is { } cors)
            filters.Add(new HttpRouteFilter { Type = "CORS", Cors = cors });
        if (settings.Auth is { } auth)
            filters.Add(new HttpRouteFilter { Type = "ExternalAuth", ExternalAuth = auth });
        if (settings.ForwardedPrefix is { } prefix)
            filters.Add(new HttpRouteFilter { Type = "RequestHeaderModifier", RequestHeaderModifier = new HttpHeaderFilter { Set = [new HttpHeader("X-Forwarded-Prefix", prefix)] } });
        if (path.Rewrite is not null || settings.UpstreamHost is not null)
            filters.Add(new HttpRouteFilter { Type = "URLRewrite", UrlRewrite = new HttpUrlRewriteFilter { Hostname = settings.UpstreamHost, Path = path.Rewrite } });
        return filters;
    }

    private static HttpBackendRef ToHttp(BackendRef backend) => new()
    {
        Group = backend.Group,
        Kind = backend.Kind,
        Name = backend.Name,
        Port = backend.Port,
        Weight = backend.Weight,
    };
}
