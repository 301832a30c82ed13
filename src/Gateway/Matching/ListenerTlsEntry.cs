namespace Gatehouse.Gateway.Matching;

/// <summary>TLS of an HTTPS or TLS listener.</summary>
public sealed record ListenerTlsEntry
{
    /// <summary>Whether the connection goes through as it is, chosen by SNI; otherwise it ends here.</summary>
    public bool Passthrough { get; init; }

    /// <summary>Keys of <see cref="CertificateEntry"/>; of those that fit the longest match of SNI is shown, the first if none fits. Empty with passthrough, and while none can be used: then handshakes for its names are refused.</summary>
    public IReadOnlyList<string> Certificates { get; init; } = [];

    /// <summary><c>1.3</c>: nothing older is spoken; null: TLS 1.2 or newer.</summary>
    public string? MinimumVersion { get; init; }

    /// <summary>Client certificates; null: none is asked for.</summary>
    public ClientValidationEntry? ClientValidation { get; init; }
}

/// <summary>How client certificates are validated (https://gateway-api.sigs.k8s.io/reference/spec/#frontendtlsvalidation).</summary>
/// <param name="CaPem">Authorities as PEM; empty: none is usable, so every handshake fails unless <paramref name="AllowInvalid"/>.</param>
/// <param name="AllowInvalid">AllowInsecureFallback: connections without a valid certificate are taken too.</param>
public sealed record ClientValidationEntry(string CaPem, bool AllowInvalid);

/// <summary>
/// A certificate that listeners show to clients, or data planes to backends. The private key is no part of the table and of its
/// hash: the feed sends it beside the entry.
/// </summary>
public sealed record CertificateEntry
{
    /// <summary><c>tenant/name</c> of the Certificate.</summary>
    public required string Key { get; init; }

    /// <summary>PEM: the leaf first, then intermediates.</summary>
    public required string ChainPem { get; init; }

    /// <summary>SHA-256 of the leaf's SubjectPublicKeyInfo, lower-case hexadecimal: says which private key belongs to it.</summary>
    public required string KeyFingerprint { get; init; }
}
