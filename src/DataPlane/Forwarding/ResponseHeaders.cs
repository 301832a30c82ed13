using System.Net;
using System.Net.Http.Headers;
using Gatehouse.DataPlane.Hardening;
using Gatehouse.Gateway.Matching;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>Copies a backend's headers to the answer for the client.</summary>
internal static class ResponseHeaders
{
    public static void Copy(HttpResponseMessage message, IHeaderDictionary headers)
    {
        var named = message.Headers.NonValidated.TryGetValues("Connection", out var connection) ? HopByHopHeaders.NamedBy(connection.ToString()) : null;
        Copy(message.Headers.NonValidated, headers, named);
        Copy(message.Content.Headers.NonValidated, headers, named);
        // With both, the coding counts (RFC 9112 §6.3) and a length that went on could be taken for another; 204 has none (RFC 9110 §8.6).
        if (message.Headers.NonValidated.Contains("Transfer-Encoding") || message.StatusCode == HttpStatusCode.NoContent)
            headers.ContentLength = null;
    }

    /// <summary>Applies a header modifier (https://gateway-api.sigs.k8s.io/reference/spec/#httpheaderfilter).</summary>
    public static void Change(IHeaderDictionary headers, HeaderChanges changes)
    {
        foreach (var header in changes.Set)
        {
            if (!IsFraming(header.Name))
                headers[header.Name] = header.Value;
        }
        foreach (var header in changes.Add)
        {
            if (!IsFraming(header.Name))
                headers[header.Name] = StringValues.Concat(headers[header.Name], header.Value);
        }
        foreach (var name in changes.Remove)
        {
            if (!IsFraming(name))
                headers.Remove(name);
        }
    }

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to, HashSet<string>? named)
    {
        foreach (var (name, values) in from)
        {
            if (HopByHopHeaders.Contains(name) || named?.Contains(name) == true)
                continue;
            to[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        }
    }

    private static bool IsFraming(string name) => HopByHopHeaders.Contains(name) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);
}
