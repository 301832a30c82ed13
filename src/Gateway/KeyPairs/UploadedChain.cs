using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.KeyPairs;

/// <summary>A certificate and its intermediates as they are uploaded. What would make them useless later is told at once.</summary>
public sealed class UploadedChain : IDisposable
{
    private const int MaxCertificates = 16;
    private const int LeastRsaBits = 2048;

    private readonly X509Certificate2Collection _certificates;
    private readonly List<byte[]?> _publicKeys;

    private UploadedChain(X509Certificate2Collection certificates)
    {
        _certificates = certificates;
        _publicKeys = [.. certificates.Select(PublicKeyOf)];
    }

    /// <summary>SHA-256 of the leaf's SubjectPublicKeyInfo, lower-case hexadecimal; says which private key belongs to it.</summary>
    public string KeyFingerprint => Convert.ToHexStringLower(SHA256.HashData(_certificates[0].PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>Reads a chain.</summary>
    /// <param name="pointer">Where it stands.</param>
    /// <param name="pem">PEM: the leaf first.</param>
    public static (UploadedChain? Chain, ValidationError? Error) Read(string pointer, string pem)
    {
        if (PemText.Check(pointer, pem) is { } malformed)
            return (null, malformed);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            var chain = new UploadedChain(certificates);
            if (chain.Problem() is not { } problem)
                return (chain, null);
            chain.Dispose();
            return (null, new ValidationError(pointer, ErrorCodes.NotAllowed, problem));
        }
        catch (CryptographicException)
        {
            return (null, new ValidationError(pointer, ErrorCodes.InvalidFormat, "Holds a certificate that cannot be read."));
        }
    }

    /// <summary>DNS names of the first certificate of a text, lower case; none if it cannot be read.</summary>
    public static IReadOnlyList<string> NamesOf(string pem)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(pem);
            return [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).Select(name => name.ToLowerInvariant())];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    /// <summary>Why a private key is not the leaf's; null: it is.</summary>
    /// <param name="pointer">Where the key stands.</param>
    /// <param name="key">The key.</param>
    public ValidationError? Refuse(string pointer, PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var index = _publicKeys.FindIndex(publicKey => publicKey is not null && publicKey.AsSpan().SequenceEqual(key.PublicKey));
        return index switch
        {
            0 => null,
            < 0 => new ValidationError(pointer, ErrorCodes.Conflict, "The private key does not belong to the certificate: upload the two that were made together."),
            _ => new ValidationError(pointer, ErrorCodes.Conflict, $"The private key belongs to certificate {index + 1} of the chain: put that one first."),
        };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var certificate in _certificates)
            certificate.Dispose();
    }

    private string? Problem()
    {
        if (_certificates.Count > MaxCertificates)
            return $"Must have at most {MaxCertificates} certificates; it has {_certificates.Count}.";
        if (_publicKeys[0] is null)
            return "The first certificate has neither an RSA key nor an ECDSA key on P-256, P-384 or P-521: have it issued for such a key.";
        using (var rsa = _certificates[0].GetRSAPublicKey())
        {
            if (rsa is { KeySize: < LeastRsaBits })
                return $"The certificate's RSA key has {rsa.KeySize} bits: have it issued for a key of at least {LeastRsaBits}.";
        }
        for (var i = 1; i < _certificates.Count; i++)
        {
            if (!_certificates[i].SubjectName.RawData.AsSpan().SequenceEqual(_certificates[i - 1].IssuerName.RawData))
                return $"Certificate {i + 1} did not issue certificate {i}: put the server's own certificate first, then its issuer, then the issuer's issuer.";
        }
        return null;
    }

    private static byte[]? PublicKeyOf(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            using var ec = certificate.GetECDsaPublicKey();
            return rsa?.ExportSubjectPublicKeyInfo() ?? (ec?.KeySize is 256 or 384 or 521 ? ec.ExportSubjectPublicKeyInfo() : null);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
