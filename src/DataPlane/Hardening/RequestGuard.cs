using Gatehouse.DataPlane.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.DataPlane.Hardening;

/// <summary>Refuses what Kestrel lets through and servers read in different ways, before anything is decided on it.</summary>
internal static class RequestGuard
{
    private const int WebSocketKeyLength = 24;

    /// <summary>Why a request must not go on; null: it may.</summary>
    public static Fault? Check(HttpContext context, string target)
    {
        var request = context.Request;
        if (IsFramingAmbiguous(request))
            return Fault.BadFraming;
        if (HttpMethods.IsConnect(request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true, Protocol: "websocket" })
            return Fault.MethodNotAllowed;
        // A fragment, a blank or anything that is not ASCII has no place in a target (RFC 9112 §3.2).
        if (target.AsSpan().ContainsAnyExceptInRange('!', '~') || target.Contains('#'))
            return Fault.BadTarget;
        return IsUpgradeMalformed(context) ? Fault.BadUpgrade : null;
    }

    // RFC 9112 §6.1. Kestrel moves a Content-Length that comes with a Transfer-Encoding to X-Content-Length.
    private static bool IsFramingAmbiguous(HttpRequest request)
    {
        var codings = request.Headers.TransferEncoding;
        if (codings.Count == 0)
            return false;
        return codings.Count > 1 || !string.Equals(codings[0], "chunked", StringComparison.OrdinalIgnoreCase)
            || request.Headers.ContentLength is not null || request.Headers.ContainsKey("X-Content-Length") || request.Protocol == "HTTP/1.0";
    }

    private static bool IsUpgradeMalformed(HttpContext context)
    {
        if (context.Request.Headers.Upgrade is not { Count: > 0 } upgrade || context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
            return false;
        if (!string.Equals(upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase))
            return false;
        var key = context.Request.Headers.SecWebSocketKey;
        return key.Count != 1 || key[0]!.Length != WebSocketKeyLength || !System.Buffers.Text.Base64.IsValid(key[0]) || !HttpMethods.IsGet(context.Request.Method);
    }
}
