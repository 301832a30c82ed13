using Gatehouse.Gateway.Ingresses.Annotations;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>Turns locations into rules of GRPCRoutes: <c>/</c> is every method, <c>/SERVICE</c> a service, <c>/SERVICE/METHOD</c> a method.</summary>
internal static class GrpcRules
{
    public static IEnumerable<GrpcRouteRule> Of(Ingress ingress, IngressLocation location)
    {
        CheckSettings(ingress);
        if (ingress.Reference(location.Path.Backend, location.Pointer + "/backend") is not { } main)
            yield break;
        if (!TryMatch(location.Path, out var method))
        {
            ingress.Notes.Block(location.Pointer + "/path", $"{SafeText.Quote(location.Path.Path)} names no gRPC service: write '/', '/SERVICE' as a prefix or '/SERVICE/METHOD'.");
            yield break;
        }
        IReadOnlyList<BackendRef> backends = [main];
        if (location.Canary is { Ingress: { Notes.IsBlocked: false, Settings.Canary: { } canary } } other
            && other.Ingress.Reference(other.Path.Backend, other.Pointer + "/backend") is { } target)
        {
            var (byHeader, weighted) = CanaryRules.Of(canary, main, target);
            backends = weighted;
            foreach (var (header, backend) in byHeader)
                yield return Rule(ingress, method, header, [backend]);
        }
        yield return Rule(ingress, method, null, backends);
    }

    private static bool TryMatch(IngressPath path, out GrpcMethodMatch? method)
    {
        method = null;
        var parts = path.Path.Trim('/').Split('/');
        switch (parts)
        {
            case [""]:
                return true;
            case [var service] when path.Type != "Exact":
                method = new GrpcMethodMatch { Service = service };
                return true;
            case [var service, var name]:
                method = new GrpcMethodMatch { Service = service, Method = name };
                return true;
            default:
                return false;
        }
    }

    private static void CheckSettings(Ingress ingress)
    {
        const string Pointer = "/metadata/annotations";
        var settings = ingress.Settings;
        if (ingress.Notes.Has(Pointer))
            return;
        if (settings.Auth is not null || settings.Redirect is not null || settings.AppRoot is not null || settings.RewriteTarget is not null || settings.UpstreamHost is not null)
            ingress.Notes.Block(Pointer, $"A GRPCRoute, which {AnnotationBag.Prefix}backend-protocol asks for, has no filters for authorization, redirects and rewrites: remove them, or split the Ingress.");
        else if (settings.Cors is not null || settings.Timeouts is not null || settings.Retry is not null)
            ingress.Notes.Differ(Pointer, $"A GRPCRoute, which {AnnotationBag.Prefix}backend-protocol asks for, has no CORS, timeouts and retries: they were left out.");
    }

    private static GrpcRouteRule Rule(Ingress ingress, GrpcMethodMatch? method, HttpHeaderMatch? header, IReadOnlyList<BackendRef> backends) => new()
    {
        Matches = method is null && header is null ? null : [new GrpcRouteMatch { Method = method, Headers = header is null ? null : [header] }],
        Filters = ingress.Settings.ForwardedPrefix is { } prefix
            ? [new GrpcRouteFilter { Type = "RequestHeaderModifier", RequestHeaderModifier = new HttpHeaderFilter { Set = [new HttpHeader("X-Forwarded-Prefix", prefix)] } }]
            : null,
        BackendRefs = [.. backends.Select(backend => new GrpcBackendRef { Group = backend.Group, Kind = backend.Kind, Name = backend.Name, Port = backend.Port, Weight = backend.Weight })],
        SessionPersistence = ingress.Settings.Session,
    };
}
