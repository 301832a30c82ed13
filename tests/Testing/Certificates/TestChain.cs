using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Testing.Certificates;

/// <summary>A root, authorities below it, and a certificate that the last of them issued, each with a key of its own.</summary>
public sealed class TestChain
{
    private readonly List<(X509Certificate2 Certificate, AsymmetricAlgorithm Key)> _issuers = [];

    private TestChain(string name, X509Certificate2 leaf, AsymmetricAlgorithm key)
    {
        Name = name;
        Leaf = new TestKeyPair(leaf.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
        Key = key;
        Certificate = leaf;
    }

    /// <summary>The name that the leaf is for.</summary>
    public string Name { get; }

    /// <summary>The leaf with its key.</summary>
    public TestKeyPair Leaf { get; }

    /// <summary>The leaf's key.</summary>
    public AsymmetricAlgorithm Key { get; }

    /// <summary>The leaf.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>PEM of the authorities between root and leaf, the leaf's issuer first.</summary>
    public IReadOnlyList<string> Intermediates => [.. _issuers.Skip(1).Reverse().Select(issuer => issuer.Certificate.ExportCertificatePem() + "\n")];

    /// <summary>PEM of the root.</summary>
    public string Root => _issuers[0].Certificate.ExportCertificatePem() + "\n";

    /// <summary>Makes a chain.</summary>
    /// <param name="name">The name that the leaf is for.</param>
    /// <param name="intermediates">Authorities between root and leaf.</param>
    /// <param name="hash">What the last authority hashes with.</param>
    /// <param name="rootHash">What the root hashes with.</param>
    /// <param name="issuerBits">Bits of the last authority's RSA key; null: ECDSA.</param>
    /// <param name="pss">Whether the last authority, which has an RSA key then, signs with PSS.</param>
    public static TestChain Create(
        string name, int intermediates = 2, HashAlgorithmName? hash = null, HashAlgorithmName? rootHash = null, int? issuerBits = null, bool pss = false)
    {
        var issuers = new List<(X509Certificate2 Certificate, AsymmetricAlgorithm Key)>();
        for (var i = 0; i <= intermediates; i++)
        {
            var last = i == intermediates;
            AsymmetricAlgorithm key = last && issuerBits is { } bits ? RSA.Create(bits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var subject = i == 0 ? $"CN=Root of {name}" : $"CN=Authority {i} of {name}";
            var certificate = i == 0
                ? Issue(subject, key, null, (null, key), rootHash ?? HashAlgorithmName.SHA256, pss, 3650)
                : Issue(subject, key, null, issuers[^1], i == 1 ? rootHash ?? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA256, pss, 365);
            issuers.Add((certificate, key));
        }
        var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var chain = new TestChain(name, Issue($"CN={name}", leafKey, name, issuers[^1], hash ?? HashAlgorithmName.SHA256, pss, 30), leafKey);
        chain._issuers.AddRange(issuers);
        return chain;
    }

    /// <summary>A PKCS#12 file with the leaf, its key and other certificates, in base64.</summary>
    /// <param name="passphrase">Passphrase.</param>
    /// <param name="others">PEM of certificates.</param>
    /// <param name="iterations">Rounds of the passphrase.</param>
    public string Pkcs12(string? passphrase, string others, int iterations = 2000)
    {
        using var withKey = Certificate.CopyWithPrivateKey((ECDsa)Key);
        var all = new X509Certificate2Collection { withKey };
        all.ImportFromPem(others);
        return Convert.ToBase64String(all.ExportPkcs12(new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations), passphrase));
    }

    private static X509Certificate2 Issue(
        string subject, AsymmetricAlgorithm key, string? name, (X509Certificate2? Certificate, AsymmetricAlgorithm Key) issuer, HashAlgorithmName hash, bool pss, int days)
    {
        var request = new CertificateRequest(
            new X500DistinguishedName(subject), key is RSA rsa ? new PublicKey(rsa) : new PublicKey((ECDsa)key), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(name is null, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (issuer.Certificate is { } above)
        {
            var identifier = above.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier));
        }
        if (name is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }
        var isWeak = hash == HashAlgorithmName.SHA1 || hash == HashAlgorithmName.MD5;
        var generator = (issuer.Key, isWeak) switch
        {
            (_, true) => new WeakSignatureGenerator(issuer.Key, hash, pss),
            (RSA issuerRsa, _) => X509SignatureGenerator.CreateForRSA(issuerRsa, pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            _ => X509SignatureGenerator.CreateForECDsa((ECDsa)issuer.Key),
        };
        return request.Create(
            issuer.Certificate?.SubjectName ?? request.SubjectName, generator, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(days), RandomNumberGenerator.GetBytes(8));
    }
}
