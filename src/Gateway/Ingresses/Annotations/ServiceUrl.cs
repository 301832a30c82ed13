using System.Globalization;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>A URL that an annotation names: a Service's by its cluster name, or somewhere else (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services).</summary>
internal sealed record ServiceUrl(Uri Uri, string? Service, string? Namespace)
{
    private const string ClusterDomain = ".cluster.local";

    /// <summary>Null: it is no plain http or https URL.</summary>
    public static ServiceUrl? Read(string text)
    {
        if (text.Contains('$', StringComparison.Ordinal) || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return null;
        }
        var host = uri.IdnHost.TrimEnd('.').ToLowerInvariant();
        if (host.EndsWith(ClusterDomain, StringComparison.Ordinal))
            host = host[..^ClusterDomain.Length];
        var labels = host.Split('.');
        return labels switch
        {
            [var service, var space, "svc"] => new ServiceUrl(uri, service, space),
            [var service] when !char.IsAsciiDigit(service[0]) && !service.Contains(':', StringComparison.Ordinal) => new ServiceUrl(uri, service, null),
            _ => new ServiceUrl(uri, null, null),
        };
    }

    public string Authority => string.Create(CultureInfo.InvariantCulture, $"{Uri.IdnHost}:{Uri.Port}");
}
