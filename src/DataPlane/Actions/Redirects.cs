using System.Globalization;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Actions;

/// <summary>Builds the target of a redirect (https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter).</summary>
internal static class Redirects
{
    /// <summary>The value of the Location header.</summary>
    /// <param name="redirect">Action.</param>
    /// <param name="listener">Listener; its port is what clients see.</param>
    /// <param name="host">Name that was requested, without port.</param>
    /// <param name="target">Request target as sent, with query.</param>
    /// <param name="path">Path in the form that was matched.</param>
    public static string Location(RedirectAction redirect, ListenerEntry listener, string host, string target, ReadOnlySpan<char> path)
    {
        var scheme = redirect.Scheme ?? (listener.Protocol == "HTTPS" ? "https" : "http");
        var port = redirect.Port ?? (redirect.Scheme is null ? listener.Port : DefaultPort(scheme));
        var authority = redirect.Hostname ?? host;
        if (port != DefaultPort(scheme))
            authority = string.Create(CultureInfo.InvariantCulture, $"{authority}:{port}");
        if (redirect.Path is not { } change)
            return $"{scheme}://{authority}{target}";
        var query = target.IndexOf('?');
        return $"{scheme}://{authority}{PathChanges.Apply(change, path)}{(query < 0 ? "" : target.AsSpan(query))}";
    }

    private static int DefaultPort(string scheme) => scheme == "https" ? 443 : 80;
}
