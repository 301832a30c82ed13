using Gatehouse.DataPlane.Hardening;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>Copies a client's headers to the request for the backend.</summary>
internal sealed class RequestHeaders(DataPlaneOptions options)
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";
    private const string ForwardedHost = "X-Forwarded-Host";

    public void Copy(HttpContext context, HttpRequestMessage message, RequestDecision decision)
    {
        var headers = context.Request.Headers;
        var named = HopByHopHeaders.NamedBy(headers.Connection);
        foreach (var (name, values) in headers)
        {
            if (name[0] != ':' && !WithheldHeaders.Contains(name) && named?.Contains(name) != true)
                Add(message, name, values);
        }
        // gRPC servers insist on it; nothing else is allowed in it in HTTP/2 (RFC 9113 §8.2.2).
        if (headers.TE.Count > 0 && headers.TE.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase) && HttpProtocol.IsHttp2(context.Request.Protocol))
            message.Headers.TryAddWithoutValidation("TE", "trailers");
        message.Headers.TryAddWithoutValidation("Host", decision.HostOverride ?? headers.Host.ToString());
        AddForwarded(context, message);
    }

    /// <summary>Applies a header modifier (https://gateway-api.sigs.k8s.io/reference/spec/#httpheaderfilter).</summary>
    public static void Change(HttpRequestMessage message, HeaderChanges changes)
    {
        foreach (var header in changes.Set)
        {
            if (IsFraming(header.Name))
                continue;
            Remove(message, header.Name);
            Add(message, header.Name, header.Value);
        }
        foreach (var header in changes.Add)
        {
            if (!IsFraming(header.Name) && !IsHost(header.Name))
                Append(message, header.Name, header.Value);
        }
        foreach (var name in changes.Remove)
        {
            if (!IsFraming(name) && !IsHost(name))
                Remove(message, name);
        }
    }

    private void AddForwarded(HttpContext context, HttpRequestMessage message)
    {
        var origin = context.Features.GetRequiredFeature<ConnectionOrigin>();
        var believed = options.TrustedProxies.Count > 0 && options.TrustedProxies.Any(proxy => proxy.Contains(origin.RemoteAddress));
        var headers = context.Request.Headers;
        var before = believed ? headers[ForwardedFor].ToString() : "";
        message.Headers.TryAddWithoutValidation(ForwardedFor, before.Length == 0 ? origin.RemoteText : $"{before}, {origin.RemoteText}");
        message.Headers.TryAddWithoutValidation(ForwardedProto, believed && headers[ForwardedProto] is { Count: 1 } proto ? proto[0] : context.Request.Scheme);
        message.Headers.TryAddWithoutValidation(ForwardedHost, believed && headers[ForwardedHost] is { Count: 1 } host ? host[0] : headers.Host.ToString());
    }

    /// <summary>Adds a header that is not there yet.</summary>
    public static void Add(HttpRequestMessage message, string name, StringValues values)
    {
        // HttpClient sends one line for a name and would join with a comma and a blank, which not all servers trim. Cookies are joined with
        // a semicolon (RFC 9113 §8.2.3).
        if (values.Count > 1)
            values = string.Join(string.Equals(name, "Cookie", StringComparison.OrdinalIgnoreCase) ? "; " : ",", values.ToArray());
        if (message.Headers.TryAddWithoutValidation(name, values[0]))
            return;
        // A header of the content; without a body there is none to carry it, and a length must not be invented.
        if (message.Content is null && string.Equals(name, "Content-Length", StringComparison.OrdinalIgnoreCase))
            return;
        message.Content ??= new NoContent();
        message.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
    }

    /// <summary>
    /// Adds a value to those that are there: "Input: add: name: my-header, value: bar,baz … Output: my-header: foo,bar,baz"
    /// (https://gateway-api.sigs.k8s.io/reference/spec/#httpheaderfilter, add) knows no blank.
    /// </summary>
    public static void Append(HttpRequestMessage message, string name, string value)
    {
        StringValues values = message.Headers.NonValidated.TryGetValues(name, out var known) || message.Content?.Headers.NonValidated.TryGetValues(name, out known) == true
            ? new StringValues([.. known, value])
            : value;
        if (values.Count > 1)
            Remove(message, name);
        Add(message, name, values);
    }

    public static void Remove(HttpRequestMessage message, string name)
    {
        if (!message.Headers.NonValidated.Contains(name) || !message.Headers.Remove(name))
            message.Content?.Headers.Remove(name);
    }

    private static bool IsHost(string name) => name.Length == 4 && name.Equals("Host", StringComparison.OrdinalIgnoreCase);

    // Framing is ours alone: a modifier that changed it would let one request pass for two.
    private static bool IsFraming(string name) => HopByHopHeaders.Contains(name) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);
}
