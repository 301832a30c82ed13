namespace Gatehouse.Gateway.Resources;

/// <summary>A tenant's claim on a DNS name, and how the name is served; the object's name is the name (exact or <c>*.</c>).</summary>
public sealed record HostnameSpec
{
    /// <summary>Gateways that serve the name; absent: the tenant's Gateway <c>default</c>, else <c>platform/default</c>.</summary>
    public IReadOnlyList<GatewayReference>? Gateways { get; init; }

    /// <summary>Where the name's certificate comes from; absent: managed, with the platform's defaults.</summary>
    public HostnameCertificate? Certificate { get; init; }

    /// <summary>What TLS clients must bring; absent: TLS 1.2 or newer, no client certificate.</summary>
    public HostnameTls? Tls { get; init; }

    /// <summary>Whether plain HTTP is answered with a redirect to HTTPS once the name has a certificate. Absent: false.</summary>
    public bool? HttpsRedirect { get; init; }

    /// <summary>Strict-Transport-Security (RFC 6797) of answers over HTTPS; absent: none is added.</summary>
    public HostnameHsts? Hsts { get; init; }
}

/// <summary>Where a name's certificate comes from.</summary>
public sealed record HostnameCertificate
{
    /// <summary><c>Managed</c> (default): issued and renewed by ACME unless an uploaded certificate covers the name. <c>Uploaded</c>: uploaded ones alone.</summary>
    public string? Source { get; init; }

    /// <summary>Name of one of the platform's certificate authorities; absent: the platform's order of them.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>EcdsaP256</c> (default), <c>EcdsaP384</c>, <c>Rsa2048</c>, <c>Rsa3072</c> or <c>Rsa4096</c>.</summary>
    public string? KeyType { get; init; }

    /// <summary><c>Http01</c>, <c>TlsAlpn01</c> or <c>Dns01</c> (RFC 8555 §8, RFC 8737); absent: whichever can work, HTTP first. A wildcard name needs <c>Dns01</c>.</summary>
    public string? Challenge { get; init; }
}

/// <summary>What TLS clients of a name must bring.</summary>
public sealed record HostnameTls
{
    /// <summary><c>1.2</c> (default) or <c>1.3</c>.</summary>
    public string? MinimumVersion { get; init; }

    /// <summary>Client certificates; absent: what the Gateway asks for.</summary>
    public FrontendTlsValidation? ClientValidation { get; init; }
}

/// <summary>Strict-Transport-Security (RFC 6797).</summary>
public sealed record HostnameHsts
{
    /// <summary>Seconds; 0 makes browsers forget it.</summary>
    public required int MaxAge { get; init; }

    /// <summary>Whether it counts for names below, too.</summary>
    public bool? IncludeSubDomains { get; init; }

    /// <summary>Whether the name may be built into browsers.</summary>
    public bool? Preload { get; init; }
}

/// <summary>A challenge of a certificate authority that data planes answer while it lasts (RFC 8555 §8.3, RFC 8737).</summary>
/// <param name="Tenant">Tenant of the Hostname.</param>
/// <param name="Hostname">The Hostname's name.</param>
/// <param name="Type"><c>http-01</c> or <c>tls-alpn-01</c>.</param>
/// <param name="Token">The authority's token: base64url, unique.</param>
/// <param name="KeyAuthorization"><c>token.thumbprint</c>. Not secret: it is what anybody who asks gets.</param>
public sealed record HostnameChallenge(string Tenant, string Hostname, string Type, string Token, string KeyAuthorization)
{
    /// <summary>Kind in revision changes.</summary>
    public const string Kind = "AcmeChallenge";
}

/// <summary>Reference to a Gateway.</summary>
public sealed record GatewayReference
{
    /// <summary>Default: the tenant of the referring object.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }
}

/// <summary>How a claim stands in the ledger that arbitrates names between tenants.</summary>
public enum ClaimState
{
    /// <summary>Not proven yet: serves nothing.</summary>
    Pending,

    /// <summary>Proven, or no proof is asked for.</summary>
    Verified,

    /// <summary>Another tenant holds the name.</summary>
    Lost,
}

/// <summary>A claim in the ledger.</summary>
/// <param name="Hostname">Exact or wildcard name, lower case.</param>
/// <param name="Tenant">Who claims.</param>
/// <param name="State">How it stands.</param>
public sealed record HostnameClaim(string Hostname, string Tenant, ClaimState State);
