using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.DataPlane.Hardening;

/// <summary>Refuses answers of backends that no client could read, or that Kestrel would fail on after half of them was written.</summary>
internal static class ResponseGuard
{
    /// <summary>Whether an answer can be passed on.</summary>
    public static bool IsUsable(HttpContext context, HttpResponseMessage response) => (int)response.StatusCode switch
    {
        (int)HttpStatusCode.SwitchingProtocols => AskedForUpgrade(context),
        < 200 or > 999 => false,
        // It has no content (RFC 9110 §15.3.6); what came all the same has no place in the answer.
        (int)HttpStatusCode.ResetContent => response.Content.Headers.ContentLength is null or 0 && !response.Headers.NonValidated.Contains("Transfer-Encoding"),
        _ => true,
    };

    private static bool AskedForUpgrade(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && string.Equals(context.Request.Headers.Upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase);
}
