using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>A Certificate, parsed. Whether it is valid at this moment is not the compiler's to say: it knows no clock.</summary>
internal sealed record CertificateModel
{
    public required ResourceKey Key { get; init; }

    /// <summary>PEM: the leaf first, then intermediates; nothing but certificates. Empty if there is a <see cref="Problem"/>.</summary>
    public string ChainPem { get; init; } = "";

    /// <summary>SHA-256 of the leaf's SubjectPublicKeyInfo, lower-case hexadecimal.</summary>
    public string KeyFingerprint { get; init; } = "";

    /// <summary>DNS names of the leaf, lower case, ordinal order.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    public string Subject { get; init; } = "";

    public string Issuer { get; init; } = "";

    /// <summary>SHA-256 of the leaf, lower-case hexadecimal.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>IP addresses of the leaf.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    public DateTimeOffset NotBefore { get; init; }

    public DateTimeOffset NotAfter { get; init; }

    /// <summary>Whether Gatehouse had it issued.</summary>
    public bool IsManaged { get; init; }

    /// <summary>Why it cannot be used, for its owner; null: it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Key of its entry.</summary>
    public string EntryKey => EntryKeyOf(Key);

    public bool IsUsable => Problem is null;

    /// <summary>Key of a Certificate's entry.</summary>
    public static string EntryKeyOf(ResourceKey certificate) => $"{certificate.Tenant}/{certificate.Name}";

    public bool IsSame(CertificateModel? other) =>
        other is not null && Key == other.Key && IsManaged == other.IsManaged && ChainPem == other.ChainPem && Problem == other.Problem;
}
