using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Persistence.PrivateKeys;

/// <summary>
/// The private key of a certificate, encrypted (<see cref="KeyEnvelope"/>). The API's login may write it and may not read the
/// ciphertext: query what is needed, never the whole row.
/// </summary>
public sealed class PrivateKeyEntity : ITenantOwned
{
    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Id of the certificate's row in <c>resources</c>.</summary>
    public required Guid CertificateId { get; init; }

    /// <summary>Grows with each key that is written; starts at 1.</summary>
    public required long Version { get; init; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal: which certificates it belongs to.</summary>
    public required string KeyFingerprint { get; init; }

    /// <summary>Id of the KEK.</summary>
    public required string KekId { get; init; }

    /// <summary>The encrypted data key.</summary>
    public required byte[] WrappedKey { get; init; }

    /// <summary>The encrypted private key.</summary>
    public required byte[] Ciphertext { get; init; }

    /// <summary>When the key was written.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
