using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Validation;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.KeyPairs;

/// <summary>A certificate and its intermediates as they are uploaded. What would make them useless later is told at once.</summary>
public sealed class UploadedChain : IDisposable
{
    /// <summary>Most certificates of a chain.</summary>
    public const int MaxCertificates = 16;

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

    /// <summary>What does not keep the chain from being stored, and will annoy those who connect.</summary>
    /// <param name="now">The time.</param>
    public IReadOnlyList<string> Warnings(DateTimeOffset now)
    {
        var warnings = new List<string>();
        for (var i = 0; i < _certificates.Count; i++)
        {
            if (_certificates[i].NotAfter.ToUniversalTime() <= now.UtcDateTime)
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{NameOf(i)} expired on {_certificates[i].NotAfter.ToUniversalTime():yyyy-MM-dd}: clients refuse it."));
            else if (_certificates[i].NotBefore.ToUniversalTime() > now.UtcDateTime)
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{NameOf(i)} is not valid before {_certificates[i].NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC: clients refuse it until then."));
        }
        if (_certificates.Count == 1 && !ChainLinks.IsSelfIssued(_certificates[0]))
            warnings.Add($"The chain holds the server's certificate alone. Its issuer {SafeText.Quote(_certificates[0].Issuer)} is missing: unless clients trust that one itself, add its certificate.");
        return warnings;
    }

    private string? Problem()
    {
        if (_certificates.Count > MaxCertificates)
            return $"Must have at most {MaxCertificates} certificates; it has {_certificates.Count}.";
        if (_publicKeys[0] is null)
            return "The first certificate has neither an RSA key nor an ECDSA key on P-256, P-384 or P-521: have it issued for such a key.";
        for (var i = 1; i < _certificates.Count; i++)
        {
            if (!ChainLinks.Issued(_certificates[i], _certificates[i - 1]))
                return $"{NameOf(i)} did not issue {NameOf(i - 1, "certificate")}: after the server's own certificate comes its issuer, then the issuer's issuer. Remove what does not belong to it, or add what is missing between.";
        }
        return Enumerable.Range(0, _certificates.Count).Select(Weakness).FirstOrDefault(static weakness => weakness is not null);
    }

    /// <summary>Why a certificate is worth little; a root's own signature proves nothing, so nobody looks at it.</summary>
    private string? Weakness(int index)
    {
        var certificate = _certificates[index];
        if (index > 0 && ChainLinks.IsSelfIssued(certificate))
            return null;
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is { KeySize: < LeastRsaBits })
            return $"{NameOf(index)} has an RSA key of {rsa.KeySize} bits: have it issued for one of at least {LeastRsaBits} bits.";
        return WeakSignatures.HashOf(certificate) is { } hash
            ? $"{NameOf(index)} is signed with {hash}, which clients refuse because it can be forged: have it issued anew."
            : null;
    }

    private string NameOf(int index, string word = "Certificate") => $"{word} {index + 1} ({SafeText.Quote(_certificates[index].Subject)})";

    private static byte[]? PublicKeyOf(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            using var ec = certificate.GetECDsaPublicKey();
            return rsa?.ExportSubjectPublicKeyInfo() ?? (ec is not null && NistCurves.Have(ec) ? ec.ExportSubjectPublicKeyInfo() : null);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
