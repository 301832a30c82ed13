namespace Gatehouse.Api.Certificates;

/// <summary>The spec of a Certificate as it is written; what is stored and shown has no private key.</summary>
internal sealed record CertificateInput
{
    /// <summary>Name of <see cref="PrivateKey"/> in JSON.</summary>
    public const string SecretField = "privateKey";

    /// <summary>PEM: the server's certificate first, then intermediates, each issued by the next.</summary>
    public required string Certificate { get; init; }

    /// <summary>PEM of the unencrypted private key: PKCS#8, PKCS#1 or SEC1. Absent: the key that is stored stays, as long as it belongs to the certificate.</summary>
    public string? PrivateKey { get; init; }
}
