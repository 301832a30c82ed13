using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gatehouse.Testing.Certificates;

/// <summary>A certificate with its private key, both as PEM.</summary>
public sealed record TestKeyPair(string Certificate, string PrivateKey)
{
    /// <summary>The forms in which the key's bytes could turn up somewhere: lines of its PEM, and its DER as hexadecimal and as it is.</summary>
    public IEnumerable<string> Traces
    {
        get
        {
            using var key = AsymmetricAlgorithm();
            var parts = key is RSA rsa ? [rsa.ExportParameters(true).D!] : new[] { ((ECDsa)key).ExportParameters(true).D! };
            foreach (var part in parts)
            {
                yield return Convert.ToHexStringLower(part);
                yield return Convert.ToHexString(part);
                yield return Encoding.Latin1.GetString(part);
                yield return Convert.ToBase64String(part)[..^2];
            }
            foreach (var line in PrivateKey.Split('\n').Where(line => !line.StartsWith('-') && line.Length > 20))
                yield return line.Trim();
            yield return "PRIVATE KEY-----";
        }
    }

    /// <summary>A self-signed certificate with an ECDSA key.</summary>
    public static TestKeyPair Ec(params string[] names) => Ec(null, names);

    /// <summary>A self-signed certificate with an ECDSA key that is valid for a time around now.</summary>
    public static TestKeyPair Ec((int FromDays, int ToDays)? validity, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Of(new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256), key, names, validity);
    }

    /// <summary>A self-signed certificate with an RSA key.</summary>
    public static TestKeyPair Rsa(int bits, params string[] names)
    {
        using var key = RSA.Create(bits);
        return Of(new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key, names, null);
    }

    /// <summary>A leaf that a certificate of ours issued; its chain holds both.</summary>
    public static (TestKeyPair Leaf, string IssuerCertificate) Issued(string name)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        AddNames(request, [name]);
        using var leaf = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(8));
        return (new TestKeyPair(leaf.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n"), authority.ExportCertificatePem() + "\n");
    }

    /// <summary>Another certificate for the same key.</summary>
    public TestKeyPair Renewed(params string[] names)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(PrivateKey);
        return Of(new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256), key, names, (-1, 60));
    }

    /// <summary>The key in its older form: PKCS#1 or SEC1.</summary>
    public string OldPrivateKey()
    {
        using var key = AsymmetricAlgorithm();
        return key is RSA rsa ? rsa.ExportRSAPrivateKeyPem() : ((ECDsa)key).ExportECPrivateKeyPem();
    }

    /// <summary>The key encrypted with a passphrase.</summary>
    public string EncryptedPrivateKey()
    {
        using var key = AsymmetricAlgorithm();
        return key.ExportEncryptedPkcs8PrivateKeyPem("passphrase", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
    }

    private AsymmetricAlgorithm AsymmetricAlgorithm()
    {
        var ec = ECDsa.Create();
        try
        {
            ec.ImportFromPem(PrivateKey);
            return ec;
        }
        catch (CryptographicException)
        {
            ec.Dispose();
            var rsa = RSA.Create();
            rsa.ImportFromPem(PrivateKey);
            return rsa;
        }
    }

    private static TestKeyPair Of(CertificateRequest request, AsymmetricAlgorithm key, string[] names, (int FromDays, int ToDays)? validity)
    {
        AddNames(request, names);
        var (from, to) = validity ?? (-1, 30);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(to));
        return new TestKeyPair(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static void AddNames(CertificateRequest request, string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
    }
}
