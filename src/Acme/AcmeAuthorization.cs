namespace Gatehouse.Acme;

/// <summary>How far an authorization is (RFC 8555 section 7.1.6).</summary>
public enum AcmeAuthorizationStatus
{
    /// <summary>A challenge is to be answered.</summary>
    Pending,

    /// <summary>The account may have certificates for the name.</summary>
    Valid,

    /// <summary>A challenge failed.</summary>
    Invalid,

    /// <summary>The account gave it up.</summary>
    Deactivated,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>The authority took it back.</summary>
    Revoked,
}

/// <summary>How far a challenge is (RFC 8555 section 7.1.6).</summary>
public enum AcmeChallengeStatus
{
    /// <summary>It is to be answered.</summary>
    Pending,

    /// <summary>The authority looks, perhaps several times.</summary>
    Processing,

    /// <summary>The authority found the answer.</summary>
    Valid,

    /// <summary>The authority did not.</summary>
    Invalid,
}

/// <summary>Types of challenges.</summary>
public static class AcmeChallengeTypes
{
    /// <summary>A file under <c>/.well-known/acme-challenge/</c> (RFC 8555 section 8.3).</summary>
    public const string Http01 = "http-01";

    /// <summary>A TXT record of <c>_acme-challenge</c> (RFC 8555 section 8.4).</summary>
    public const string Dns01 = "dns-01";

    /// <summary>A certificate shown to who asks for <see cref="TlsAlpn01Protocol"/> (RFC 8737).</summary>
    public const string TlsAlpn01 = "tls-alpn-01";

    /// <summary>The protocol that the authority names in its TLS handshake.</summary>
    public const string TlsAlpn01Protocol = "acme-tls/1";

    /// <summary>Object identifier of the critical extension <c>id-pe-acmeIdentifier</c>: an OCTET STRING of <see cref="AcmeKey.TlsAlpn01Digest"/>.</summary>
    public const string TlsAlpn01Extension = "1.3.6.1.5.5.7.1.31";
}

/// <summary>Leave to have certificates for one name (RFC 8555 section 7.1.4).</summary>
/// <param name="Url">Where it is read.</param>
/// <param name="Name">The name, without <c>*.</c>.</param>
/// <param name="IsWildcard">Whether it is for <c>*.NAME</c>.</param>
/// <param name="Status">How far it is.</param>
public sealed record AcmeAuthorization(Uri Url, string Name, bool IsWildcard, AcmeAuthorizationStatus Status)
{
    /// <summary>Challenges of which one must be answered; those without a usable token are left out.</summary>
    public required IReadOnlyList<AcmeChallenge> Challenges { get; init; }

    /// <summary>Until when it is valid, or when the authority gives it up.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The challenge of a type; null: the authority does not offer it.</summary>
    public AcmeChallenge? Challenge(string type) => Challenges.FirstOrDefault(challenge => challenge.Type == type);
}

/// <summary>A way to prove control of a name (RFC 8555 section 8).</summary>
/// <param name="Url">Where the authority is told to look.</param>
/// <param name="Type">One of <see cref="AcmeChallengeTypes"/>, or one that is not known here.</param>
/// <param name="Token">22 to 256 characters of base64url; safe in a path.</param>
/// <param name="Status">How far it is.</param>
public sealed record AcmeChallenge(Uri Url, string Type, string Token, AcmeChallengeStatus Status)
{
    /// <summary>Why it failed.</summary>
    public AcmeProblem? Error { get; init; }
}
