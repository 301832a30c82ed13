namespace Gatehouse.Api.Certificates;

/// <summary>The spec of a Certificate as it is written; what is stored and shown has no secrets. Write certificate and privateKey, or pkcs12.</summary>
internal sealed record CertificateInput
{
    /// <summary>Name of <see cref="PrivateKey"/> in JSON.</summary>
    public const string PrivateKeyField = "privateKey";

    /// <summary>Name of <see cref="Passphrase"/> in JSON.</summary>
    public const string PassphraseField = "passphrase";

    /// <summary>Name of <see cref="Pkcs12"/> in JSON.</summary>
    public const string Pkcs12Field = "pkcs12";

    /// <summary>The fields that are written and never shown.</summary>
    public static IReadOnlyList<string> SecretFields { get; } = [PrivateKeyField, PassphraseField, Pkcs12Field];

    /// <summary>PEM: the server's certificate and its intermediates. They are put in order, the server's own first, each issued by the next.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM of the private key: PKCS#8, encrypted or not, PKCS#1 or SEC1. Absent: the key that is stored stays, as long as it belongs to the certificate.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>Passphrase of an encrypted private key, or of the PKCS#12 file.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Base64 of a PKCS#12 file (PFX) with the private key and its certificates, instead of certificate and privateKey.</summary>
    public string? Pkcs12 { get; init; }
}
