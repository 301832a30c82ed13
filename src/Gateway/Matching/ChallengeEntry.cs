namespace Gatehouse.Gateway.Matching;

/// <summary>A challenge of a certificate authority that every data plane of the pool answers while it lasts (RFC 8555 §8.3, RFC 8737).</summary>
public sealed record ChallengeEntry
{
    /// <summary>Type of a challenge that is answered over plain HTTP (RFC 8555 §8.3).</summary>
    public const string Http01 = "http-01";

    /// <summary>Type of a challenge that is answered in the TLS handshake (RFC 8737).</summary>
    public const string TlsAlpn01 = "tls-alpn-01";

    /// <summary>Port that authorities open TLS connections to (RFC 8737 §3).</summary>
    public const int TlsPort = 443;

    /// <summary>The authority's token, base64url.</summary>
    public required string Key { get; init; }

    /// <summary>The only name that it is answered for: exact, lower case.</summary>
    public required string Hostname { get; init; }

    /// <summary><see cref="Http01"/> or <see cref="TlsAlpn01"/>.</summary>
    public required string Type { get; init; }

    /// <summary><c>token.thumbprint</c> (RFC 8555 §8.1). Not secret.</summary>
    public required string KeyAuthorization { get; init; }

    /// <summary>
    /// Addresses at which <see cref="TlsPort"/> takes connections while a <see cref="TlsAlpn01"/> challenge lasts, also where no listener
    /// does; empty text: the data plane's default address. A listener that is there keeps its protocol.
    /// </summary>
    public IReadOnlyList<string> TlsAddresses { get; init; } = [];
}
