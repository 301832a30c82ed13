using System.Globalization;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Actions;

/// <summary>Sends plain HTTP of a hostname to HTTPS, before any route.</summary>
internal static class HttpsRedirects
{
    private const int HttpsPort = 443;

    /// <summary>Answers with the redirect: the same name, path and query, byte for byte.</summary>
    public static void Answer(HttpContext context, RequestDecision decision, HttpsRedirectEntry redirect)
    {
        var port = redirect.Port == HttpsPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{redirect.Port}");
        context.Response.StatusCode = StatusOf(context.Request.Method);
        context.Response.Headers.Location = $"https://{decision.Host}{port}{decision.Asked}";
        context.Response.ContentLength = 0;
    }

    // Clients may turn other methods into GET after 301 (RFC 9110 §15.4.2).
    private static int StatusOf(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? StatusCodes.Status301MovedPermanently : StatusCodes.Status308PermanentRedirect;
}
