using System.Security.Cryptography;

namespace Gatehouse.Gateway.KeyPairs;

/// <summary>The curves that TLS clients speak (RFC 8422 section 5.1.1); others have keys of the same sizes.</summary>
internal static class NistCurves
{
    private static readonly string?[] Identifiers =
        [ECCurve.NamedCurves.nistP256.Oid.Value, ECCurve.NamedCurves.nistP384.Oid.Value, ECCurve.NamedCurves.nistP521.Oid.Value];

    /// <summary>Whether a key is on P-256, P-384 or P-521.</summary>
    public static bool Have(ECDsa key) => key.ExportParameters(false).Curve is { IsNamed: true } curve && Identifiers.Contains(curve.Oid.Value);
}
