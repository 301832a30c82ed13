using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Kinds;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>
/// Who may come in (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#external-authentication). What has
/// no equivalent blocks: an Ingress must not be served without what protects it.
/// </summary>
internal static class AuthAnnotations
{
    private const string Url = "auth-url";
    private const string Method = "auth-method";
    private const string Signin = "auth-signin";
    private const string ResponseHeaders = "auth-response-headers";
    private const int MaxHeaders = 64;

    /// <summary>Without a list only Host, method, path, length and Authorization are sent (https://gateway-api.sigs.k8s.io/reference/spec/#httpauthconfig).</summary>
    private static readonly string[] RequestHeaders =
    [
        "Cookie", "Accept", "Accept-Language", "User-Agent", "Origin", "Referer", "X-Requested-With",
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP",
    ];

    private static readonly string[] WithoutEffect = ["auth-signin-redirect-param", "auth-cache-key", "auth-cache-duration", "auth-keepalive",
        "auth-keepalive-requests", "auth-keepalive-share-vars", "auth-keepalive-timeout"];

    public static void Read(AnnotationBag bag, IngressSettings settings, Ingress ingress)
    {
        if (bag.Text(Url) is { } url)
            settings.Auth = ReadFilter(bag, settings, url, ingress);
        var effect = settings.Auth is null ? "It has no effect without auth-url." : null;
        if (bag.Text(Method) is { } method)
        {
            if (effect is null)
                bag.Differ(Method, $"The authorization service sees the request's own method, not {SafeText.Quote(method)}.");
            else
                bag.Ignore(Method, effect);
        }
        if (effect is null)
            bag.Refuse(Signin, "Clients get the authorization service's own answer: let that answer with the redirect to the sign-in page.");
        else
            bag.Ignore(Signin, effect);
        foreach (var name in WithoutEffect)
            bag.Ignore(name, effect ?? "The authorization service is asked for each request; answers are not cached.");
        bag.Ignore(ResponseHeaders, effect ?? "It lists no headers.");
    }

    private static HttpExternalAuthFilter? ReadFilter(AnnotationBag bag, IngressSettings settings, string text, Ingress ingress)
    {
        if (ServiceUrl.Read(text) is not { } url)
        {
            bag.Block(Url, $"{SafeText.Quote(text)} must be an http or https URL without variables: write a fixed one; the authorization service sees Host and path of the request.");
            return null;
        }
        if (url.Uri.Query.Length > 0)
        {
            bag.Block(Url, "The filter ExternalAuth sends no fixed query: move it into the path, or let the authorization service do without.");
            return null;
        }
        var path = url.Uri.AbsolutePath == "/" ? null : url.Uri.AbsolutePath.TrimEnd('/');
        var backend = url.Service is not null && url.Uri.Scheme == "http"
            ? new BackendObjectReference { Name = url.Service, Namespace = url.Namespace == ingress.Tenant ? null : url.Namespace, Port = url.Uri.Port }
            : External(settings, url, ingress);
        bag.Differ(Url, $"The filter ExternalAuth asks {backend.Name}. The path of the request follows '{path ?? "/"}', where ingress-nginx asks for that path alone; only status 200 lets a request pass, there every 2xx; "
            + $"of the request's headers it sees Authorization and {string.Join(", ", RequestHeaders)}.{AllHeaders(bag)}{Grant(backend)}");
        return new HttpExternalAuthFilter
        {
            Protocol = "HTTP",
            BackendRef = backend,
            Http = new HttpAuthConfig { Path = path, AllowedHeaders = RequestHeaders, AllowedResponseHeaders = ReadResponseHeaders(bag) },
        };
    }

    private static string AllHeaders(AnnotationBag bag) =>
        bag.List(ResponseHeaders).Count == 0 ? " All headers of its answer reach the backend, there none without auth-response-headers." : "";

    private static string Grant(BackendObjectReference backend) =>
        backend.Namespace is { } other ? $" Tenant `{other}` must let HTTPRoutes of this one reference it by a ReferenceGrant." : "";

    private static List<string>? ReadResponseHeaders(AnnotationBag bag)
    {
        var headers = bag.List(ResponseHeaders).Where(header => Formats.HeaderName.Check(header) is null).Distinct().Take(MaxHeaders).ToList();
        if (headers.Count == 0)
            return null;
        bag.Exact(ResponseHeaders, "They are copied from the authorization service's answer to the request.");
        return headers;
    }

    /// <summary>What is no Service becomes a Backend; TLS to it is verified, where ingress-nginx does not.</summary>
    private static BackendObjectReference External(IngressSettings settings, ServiceUrl url, Ingress ingress)
    {
        var name = ResourceNames.Of(ingress.Name, "auth");
        var secure = url.Uri.Scheme == "https";
        settings.Extras.Add(new IngressProduct(new ResourceKey(ResourceKind.Backend, ingress.Tenant, name), new BackendSpec
        {
            Endpoints = [new BackendEndpoint { Address = url.Uri.IdnHost.TrimEnd('.'), Port = url.Uri.Port }],
            Protocol = secure ? "https" : null,
            Tls = secure ? new BackendTls { Hostname = url.Uri.IdnHost.TrimEnd('.').ToLowerInvariant(), WellKnownCaCertificates = "System" } : null,
        }));
        return new BackendObjectReference { Group = ResourceKind.GatehouseGroup, Kind = ResourceKind.Backend, Name = name };
    }
}
