using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Gatehouse.DataPlane.Routing;

/// <summary>A reason for which the gateway itself answers a request. Holds nothing of the request, so that nothing is reflected.</summary>
internal sealed class Fault
{
    private Fault(int status, string code, string detail, bool close = false)
    {
        Status = status;
        Code = code;
        Detail = detail;
        ClosesConnection = close;
        Body = JsonSerializer.SerializeToUtf8Bytes(new { type = "about:blank", title = ReasonPhrases.GetReasonPhrase(status), status, code, detail });
    }

    public int Status { get; }

    /// <summary>Stable; also in logs.</summary>
    public string Code { get; }

    public string Detail { get; }

    /// <summary>After broken framing nothing that follows on the connection can be trusted.</summary>
    public bool ClosesConnection { get; }

    /// <summary>Problem details (RFC 9457).</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public static Fault BadFraming { get; } = new(400, "bad_framing", "The request's length is ambiguous.", close: true);

    public static Fault BadTarget { get; } = new(400, "bad_target", "The request target is ambiguous or malformed.");

    public static Fault BadHost { get; } = new(400, "bad_host", "The Host header is missing, ambiguous or malformed.");

    public static Fault BadUpgrade { get; } = new(400, "bad_upgrade", "The upgrade request is malformed.");

    public static Fault MethodNotAllowed { get; } = new(405, "method_not_allowed", "The gateway does not forward this method.");

    public static Fault NoListener { get; } = new(404, "no_listener", "No listener serves this hostname.");

    public static Fault Misdirected { get; } = new(421, "misdirected", "The connection was set up for another hostname: open one for this hostname.");

    public static Fault HttpsRequired { get; } = new(403, "https_required", "The gateway serves this hostname over HTTPS alone: use TLS.");

    public static Fault NoRoute { get; } = new(404, "no_route", "No route matches this request.");

    public static Fault RuleFailed { get; } = new(500, "rule_failed", "The route's rule cannot be carried out.");

    public static Fault OriginNotAllowed { get; } = new(403, "origin_not_allowed", "The route does not allow requests of this origin.");

    public static Fault AuthDenied { get; } = new(403, "auth_denied", "The authorization service refused the request.");

    public static Fault AuthUnavailable { get; } = new(503, "auth_unavailable", "The authorization service gave no clear answer.");

    public static Fault AuthInvalid { get; } = new(500, "auth_invalid", "The route's authorization service cannot be used.");

    public static Fault NoBackend { get; } = new(503, "no_backend", "No endpoint of the backend is available.");

    public static Fault Unreachable { get; } = new(502, "backend_unreachable", "The backend could not be reached.");

    public static Fault Refused { get; } = new(502, "backend_refused", "The backend's address is not allowed.");

    public static Fault BadResponse { get; } = new(502, "bad_response", "The backend's answer could not be used.");

    public static Fault BadBody { get; } = new(400, "bad_body", "The request body could not be read.");

    public static Fault BodyTooLarge { get; } = new(413, "body_too_large", "The request body is too large.");

    public static Fault BackendTimeout { get; } = new(504, "backend_timeout", "The backend did not answer in time.");

    public static Fault RequestTimeout { get; } = new(504, "request_timeout", "The request took longer than its route allows.");

    public static Fault ClientGone { get; } = new(499, "client_gone", "The client went away.");

    /// <summary>The share of an invalid backend reference, or a rule with a fixed status.</summary>
    public static Fault Invalid(int status) => status switch
    {
        StatusCodes.Status500InternalServerError => InvalidReference,
        StatusCodes.Status503ServiceUnavailable => NoBackend,
        _ => new Fault(status, "fixed_status", "The route answers with this status."),
    };

    private static Fault InvalidReference { get; } = new(500, "invalid_backend", "The route's backend reference cannot be used.");
}
