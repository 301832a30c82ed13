namespace Gatehouse.Gateway.Resources;

/// <summary>The public part of a certificate. Its private key never comes here: it lies encrypted beside the objects and goes to data planes alone.</summary>
public sealed record CertificateSpec
{
    /// <summary>PEM: the leaf first, then intermediates.</summary>
    public required string Certificate { get; init; }

    /// <summary>The Hostname that Gatehouse had this certificate issued for, and renews it for; null: it was uploaded. Only Gatehouse itself sets it.</summary>
    public string? ManagedFor { get; init; }
}

/// <summary>A ConfigMap, of which only <c>ca.crt</c> is kept.</summary>
public sealed record ConfigMapSpec
{
    /// <summary>Key <c>ca.crt</c>: authorities as PEM.</summary>
    public required IReadOnlyDictionary<string, string> Data { get; init; }
}
