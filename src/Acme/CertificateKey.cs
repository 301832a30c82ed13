using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Gatehouse.Acme.Signing;

namespace Gatehouse.Acme;

/// <summary>Kinds of private keys that certificates are requested for.</summary>
public enum CertificateKeyKind
{
    /// <summary>ECDSA on P-256.</summary>
    EcdsaP256,

    /// <summary>ECDSA on P-384.</summary>
    EcdsaP384,

    /// <summary>RSA of 2,048 bits.</summary>
    Rsa2048,

    /// <summary>RSA of 3,072 bits.</summary>
    Rsa3072,

    /// <summary>RSA of 4,096 bits.</summary>
    Rsa4096,
}

/// <summary>The private key of a certificate that is to be issued, or that was.</summary>
public sealed class CertificateKey : IJwsSigner, IDisposable
{
    private readonly Lock _gate = new();
    private readonly AsymmetricAlgorithm _key;

    private CertificateKey(CertificateKeyKind kind, AsymmetricAlgorithm key) => (Kind, _key) = (kind, key);

    /// <summary>What it is.</summary>
    public CertificateKeyKind Kind { get; }

    string IJwsSigner.Algorithm => Kind switch
    {
        CertificateKeyKind.EcdsaP256 => "ES256",
        CertificateKeyKind.EcdsaP384 => "ES384",
        _ => "RS256",
    };

    private HashAlgorithmName Hash => Kind is CertificateKeyKind.EcdsaP384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    /// <summary>A new key.</summary>
    public static CertificateKey Create(CertificateKeyKind kind) => new(kind, kind switch
    {
        CertificateKeyKind.EcdsaP256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        CertificateKeyKind.EcdsaP384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        CertificateKeyKind.Rsa2048 => RSA.Create(2048),
        CertificateKeyKind.Rsa3072 => RSA.Create(3072),
        CertificateKeyKind.Rsa4096 => RSA.Create(4096),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    });

    /// <summary>Reads a key that <see cref="ExportPkcs8"/> wrote.</summary>
    /// <param name="pkcs8">PKCS#8, DER, not encrypted.</param>
    /// <exception cref="CryptographicException">It is of no kind that is known here.</exception>
    public static CertificateKey Import(ReadOnlySpan<byte> pkcs8)
    {
        try
        {
            return ImportAs(ECDsa.Create(), pkcs8);
        }
        catch (CryptographicException)
        {
            return ImportAs(RSA.Create(), pkcs8);
        }
    }

    /// <summary>The private key as PKCS#8, DER, not encrypted. The caller overwrites it after use.</summary>
    public byte[] ExportPkcs8()
    {
        lock (_gate)
            return _key.ExportPkcs8PrivateKey();
    }

    /// <summary>The public key as SubjectPublicKeyInfo, DER.</summary>
    public byte[] ExportPublicKey()
    {
        lock (_gate)
            return _key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>A certificate signing request, DER (RFC 2986), with the names as alternative names and an empty subject.</summary>
    /// <param name="names">DNS names, lower-case ASCII; a wildcard is <c>*.example.com</c>.</param>
    public byte[] Csr(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfZero(names.Count);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        var nobody = new X500DistinguishedName("");
        lock (_gate)
        {
            var request = _key is RSA rsa
                ? new CertificateRequest(nobody, rsa, Hash, RSASignaturePadding.Pkcs1)
                : new CertificateRequest(nobody, (ECDsa)_key, Hash);
            request.CertificateExtensions.Add(alternatives.Build());
            return request.CreateSigningRequest();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    JsonObject IJwsSigner.Jwk()
    {
        lock (_gate)
        {
            if (_key is RSA rsa)
            {
                var parameters = rsa.ExportParameters(false);
                return new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(parameters.Modulus), ["e"] = Base64Url.EncodeToString(parameters.Exponent) };
            }
            var point = ((ECDsa)_key).ExportParameters(false).Q;
            return new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = Kind is CertificateKeyKind.EcdsaP384 ? "P-384" : "P-256",
                ["x"] = Base64Url.EncodeToString(point.X),
                ["y"] = Base64Url.EncodeToString(point.Y),
            };
        }
    }

    byte[] IJwsSigner.Sign(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            return _key is RSA rsa
                ? rsa.SignData(data, Hash, RSASignaturePadding.Pkcs1)
                : ((ECDsa)_key).SignData(data, Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    private static CertificateKey ImportAs(AsymmetricAlgorithm key, ReadOnlySpan<byte> pkcs8)
    {
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return new CertificateKey(KindOf(key), key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static CertificateKeyKind KindOf(AsymmetricAlgorithm key) => (key, key.KeySize) switch
    {
        (ECDsa, 256) => CertificateKeyKind.EcdsaP256,
        (ECDsa, 384) => CertificateKeyKind.EcdsaP384,
        (RSA, 2048) => CertificateKeyKind.Rsa2048,
        (RSA, 3072) => CertificateKeyKind.Rsa3072,
        (RSA, 4096) => CertificateKeyKind.Rsa4096,
        _ => throw new CryptographicException("A certificate's key must be ECDSA on P-256 or P-384, or RSA of 2,048, 3,072 or 4,096 bits."),
    };
}
