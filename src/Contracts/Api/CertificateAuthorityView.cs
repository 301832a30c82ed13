namespace Gatehouse.Contracts.Api;

/// <summary>A certificate authority of the platform, and the account there. Keys are never shown.</summary>
public sealed record CertificateAuthorityView
{
    /// <summary>Its name; Hostnames choose by it.</summary>
    public required string Name { get; init; }

    /// <summary>Address of its ACME directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Address of the account; absent: nothing was ordered yet, or its key cannot be read.</summary>
    public string? Account { get; init; }

    /// <summary>SHA-256 of the account's public key as JWK, base64url (RFC 7638); absent: there is none, or it cannot be read.</summary>
    public string? KeyThumbprint { get; init; }

    /// <summary>When the account's key was drawn.</summary>
    public DateTimeOffset? KeyCreatedAt { get; init; }

    /// <summary>Whether a rollover broke off: which of the two keys is the account's is found out at the next use.</summary>
    public required bool RolloverUnsettled { get; init; }
}
