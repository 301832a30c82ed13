using System.Globalization;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>Redirects (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#permanent-redirect and the like).</summary>
internal static class RedirectAnnotations
{
    private const string Ssl = "ssl-redirect";
    private const string ForceSsl = "force-ssl-redirect";
    private const string AppRoot = "app-root";
    private const string Permanent = "permanent-redirect";
    private const string PermanentCode = "permanent-redirect-code";
    private const string Temporal = "temporal-redirect";
    private const string TemporalCode = "temporal-redirect-code";
    private const string Www = "from-to-www-redirect";
    private const string RequestUri = "$request_uri";
    private static readonly int[] Codes = [301, 302, 303, 307, 308];

    public static void Read(AnnotationBag bag, IngressSettings settings)
    {
        ReadSsl(bag, settings);
        ReadAppRoot(bag, settings);
        settings.RedirectsWww = bag.Flag(Www) == true;
        bag.Exact(Www, settings.RedirectsWww ? "A route of its own redirects from or to www with 308." : "Nothing is redirected unless it is true.");

        // Both may be there: ingress-nginx looks at the temporal one first.
        if (bag.Text(Temporal) is { } temporal)
        {
            settings.Redirect = ReadTarget(bag, Temporal, temporal, Code(bag, TemporalCode, 302));
            bag.Ignore(Permanent, "temporal-redirect stands beside it and wins.");
            bag.Ignore(PermanentCode, "temporal-redirect stands beside it and wins.");
        }
        else if (bag.Text(Permanent) is { } permanent)
        {
            settings.Redirect = ReadTarget(bag, Permanent, permanent, Code(bag, PermanentCode, 301));
        }
        bag.Ignore(TemporalCode, "It has no effect without temporal-redirect.");
        bag.Ignore(PermanentCode, "It has no effect without permanent-redirect.");
    }

    private static void ReadSsl(AnnotationBag bag, IngressSettings settings)
    {
        settings.SslRedirect = bag.Flag(Ssl);
        settings.ForceSslRedirect = bag.Flag(ForceSsl) == true;
        bag.Exact(Ssl, settings.SslRedirect == false
            ? "Plain HTTP is served as well."
            : "Hosts under tls answer plain HTTP with a redirect to https (308); others have no effect of it.");
        if (settings.ForceSslRedirect)
            bag.Differ(ForceSsl, "Every host answers plain HTTP with a redirect to https (308). ingress-nginx looks at X-Forwarded-Proto; here the listener decides, so TLS must end at Gatehouse: import or upload certificates.");
        else
            bag.Exact(ForceSsl, "Nothing is forced unless it is true.");
    }

    private static void ReadAppRoot(AnnotationBag bag, IngressSettings settings)
    {
        if (bag.Text(AppRoot) is not { } root)
            return;
        if (!root.StartsWith('/') || root.Contains('?', StringComparison.Ordinal) || root.Contains('$', StringComparison.Ordinal))
        {
            bag.Block(AppRoot, "It must be a path that begins with '/', without query and variables.");
            return;
        }
        settings.AppRoot = root;
        bag.Exact(AppRoot, "Requests for / are redirected with 302.");
    }

    private static HttpRequestRedirectFilter? ReadTarget(AnnotationBag bag, string name, string target, int? code)
    {
        if (code is null)
        {
            bag.Block(name, "It cannot be translated without its status code.");
            return null;
        }
        var keepsPath = target.EndsWith(RequestUri, StringComparison.Ordinal);
        var fixedPart = keepsPath ? target[..^RequestUri.Length] : target;
        if (!Uri.TryCreate(fixedPart, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || fixedPart.Contains('$', StringComparison.Ordinal)
            || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0 || (keepsPath && uri.AbsolutePath != "/"))
        {
            bag.Block(name, $"{SafeText.Quote(target)} must be an http or https URL without query and variables other than {RequestUri} behind the host: a RequestRedirect has no others.");
            return null;
        }
        if (keepsPath)
            bag.Exact(name, $"Requests are redirected with {code}; path and query stay.");
        else
            bag.Differ(name, $"Requests are redirected with {code}. ingress-nginx drops the query of the request; here it stays.");
        return new HttpRequestRedirectFilter
        {
            Scheme = uri.Scheme,
            Hostname = uri.IdnHost.ToLowerInvariant(),
            Port = uri.IsDefaultPort ? null : uri.Port,
            Path = keepsPath ? null : new HttpPathModifier { Type = "ReplaceFullPath", ReplaceFullPath = uri.AbsolutePath },
            StatusCode = code,
        };
    }

    private static int? Code(AnnotationBag bag, string name, int standard)
    {
        var code = bag.Number(name) ?? standard;
        if (Codes.Contains(code))
        {
            bag.Exact(name, code.ToString(CultureInfo.InvariantCulture) + " is the redirect's status.");
            return code;
        }
        bag.Block(name, $"{code} is no status of a RequestRedirect: write {string.Join(", ", Codes)}.");
        return null;
    }
}
