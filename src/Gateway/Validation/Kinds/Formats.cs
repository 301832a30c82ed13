using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Upstream's scalar types (https://gateway-api.sigs.k8s.io/reference/spec/, "Type aliases"): same lengths, same patterns.</summary>
internal static class Formats
{
    private const string Host = NameFormat.SubdomainPattern;
    private const string Token = "[A-Za-z0-9!#$%&'*+\\-.^_`|~]+";

    /// <summary>ObjectName: upstream bounds its length only.</summary>
    public static readonly TextFormat ObjectName = new(1, 253);

    /// <summary>Group; empty is the core group.</summary>
    public static readonly TextFormat Group = new(0, 253, $@"\A({Host})?\z",
        "empty or a DNS name such as 'gateway.networking.k8s.io'");

    /// <summary>Kind.</summary>
    public static readonly TextFormat Kind = new(1, 63, @"\A[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?\z",
        "letters, digits and '-', beginning with a letter and not ending with '-'");

    /// <summary>Namespace, here the name of a tenant.</summary>
    public static readonly TextFormat Namespace = NameFormat.Label;

    /// <summary>SectionName.</summary>
    public static readonly TextFormat SectionName = NameFormat.Subdomain;

    /// <summary>Hostname: exact or wildcard.</summary>
    public static readonly TextFormat Hostname = new(1, 253, $@"\A(\*\.)?{Host}\z",
        "a lower-case DNS name such as 'shop.example.com' or '*.example.com', without port");

    /// <summary>PreciseHostname.</summary>
    public static readonly TextFormat PreciseHostname = new(1, 253, $@"\A{Host}\z",
        "a lower-case DNS name such as 'shop.example.com', without wildcard or port");

    /// <summary>HTTPHeaderName and query parameter names.</summary>
    public static readonly TextFormat HeaderName = new(1, 256, $@"\A{Token}\z",
        "letters, digits and !#$%&'*+-.^_`|~ without spaces");

    /// <summary>Values of headers.</summary>
    public static readonly TextFormat HeaderValue = new(1, 4096, @"\A[!-~]+([\t ]?[!-~]+)*\z",
        "visible ASCII characters with at most single spaces or tabs between them");

    /// <summary>Duration (GEP-2257).</summary>
    public static readonly ParsedText Duration = new(64, text => GatewayDuration.TryParse(text, out _),
        "a duration of one to four parts such as '30s', '1m30s' or '500ms'");

    /// <summary>GatewayController.</summary>
    public static readonly TextFormat ControllerName = new(1, 253, $@"\A{Host}/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+\z",
        "a DNS name, '/' and a path, such as 'gatehouse.dev/gateway-controller'");

    /// <summary>CORSOrigin.</summary>
    public static readonly TextFormat CorsOrigin = new(1, 253, @"\A(\*|https?://((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9\-]+|\*)(:[0-9]{1,5})?)\z",
        "'*' or an origin such as 'https://shop.example.com', 'https://*.example.com' or 'http://localhost:8080', without path");

    /// <summary>Path of an authorization request.</summary>
    public static readonly TextFormat AuthPath = new(0, 1024, $@"\A{PathRules.Characters}\z",
        "a path of letters, digits and -/._~!$&'()*+,;=:@ with everything else as %HH");

    /// <summary>Percent-encoded URI (RFC 3986) of a subject alternative name.</summary>
    public static readonly TextFormat Uri = new(1, 253, @"\A(([^:/?#]+):)(//([^/?#]*))([^?#]*)(\?([^#]*))?(#(.*))?",
        "a URI with scheme and authority, such as 'spiffe://example.com/web'");

    /// <summary>Text of at most 4,096 characters.</summary>
    public static readonly TextFormat LongText = new(0, 4096);
}
