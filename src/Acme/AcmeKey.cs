using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Acme.Signing;

namespace Gatehouse.Acme;

/// <summary>The key of an ACME account: ECDSA on P-256, signing as ES256 (RFC 7518 section 3.4). Safe for several threads.</summary>
public sealed class AcmeKey : IJwsSigner, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ECDsa _key;
    private readonly string _x;
    private readonly string _y;

    private AcmeKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(false).Q;
        (_x, _y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{_x}}","y":"{{_y}}"}""";
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    /// <summary>SHA-256 of the public key as JWK, in base64url (RFC 7638).</summary>
    public string Thumbprint { get; }

    string IJwsSigner.Algorithm => "ES256";

    /// <summary>A new key.</summary>
    public static AcmeKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a key that <see cref="ExportPkcs8"/> wrote.</summary>
    /// <param name="pkcs8">PKCS#8, DER, not encrypted.</param>
    /// <exception cref="CryptographicException">It is no ECDSA key on P-256.</exception>
    public static AcmeKey Import(ReadOnlySpan<byte> pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            if (key.ExportParameters(false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
                throw new CryptographicException("An account's key must be on the curve P-256.");
            return new AcmeKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The private key as PKCS#8, DER, not encrypted. The caller overwrites it after use.</summary>
    public byte[] ExportPkcs8()
    {
        lock (_gate)
            return _key.ExportPkcs8PrivateKey();
    }

    /// <summary>What answers a challenge, with http-01 as it is (RFC 8555 section 8.1).</summary>
    /// <param name="token">The challenge's token.</param>
    public string KeyAuthorization(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return $"{token}.{Thumbprint}";
    }

    /// <summary>Value of the TXT record that answers dns-01 (RFC 8555 section 8.4).</summary>
    /// <param name="token">The challenge's token.</param>
    public string Dns01Value(string token) => Base64Url.EncodeToString(TlsAlpn01Digest(token));

    /// <summary>The 32 bytes that the extension <c>id-pe-acmeIdentifier</c> holds to answer tls-alpn-01 (RFC 8737 section 3).</summary>
    /// <param name="token">The challenge's token.</param>
    public byte[] TlsAlpn01Digest(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(KeyAuthorization(token)));

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    JsonObject IJwsSigner.Jwk() => new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = _x, ["y"] = _y };

    byte[] IJwsSigner.Sign(ReadOnlySpan<byte> data)
    {
        lock (_gate)
            return _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
