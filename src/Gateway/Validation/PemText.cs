using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation;

/// <summary>
/// Certificates as text. What comes from a cluster is stored even if it is malformed, because the cluster stored it too and conditions say what
/// is wrong (https://gateway-api.sigs.k8s.io/reference/spec/#routeconditionreason, InvalidCACertificateRef); who writes an object here is told at once.
/// </summary>
public static class PemText
{
    /// <summary>Most characters of a chain or bundle: what a Kubernetes Secret or ConfigMap can hold.</summary>
    public const int MaxLength = 1024 * 1024;

    internal static readonly TextFormat Format = new(0, MaxLength);

    /// <summary>What keeps a chain or bundle of certificates from being used, or null.</summary>
    /// <param name="pointer">Where it stands.</param>
    /// <param name="pem">One or more PEM blocks CERTIFICATE; other text around them is passed over.</param>
    public static ValidationError? Check(string pointer, string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            return new(pointer, ErrorCodes.NotAllowed, "Remove the private key: everybody who may read this object would see it.");
        return PemCertificates.ReadBundle(pem).Problem is { } problem
            ? new(pointer, ErrorCodes.InvalidFormat, $"Must be PEM blocks 'CERTIFICATE', as in '-----BEGIN CERTIFICATE-----': {problem}.")
            : null;
    }
}
