using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>A self-signed certificate with its key, in the forms that the feed has for them.</summary>
internal sealed class TestCertificate
{
    private TestCertificate(CertificateEntry entry, string key) => (Entry, Key) = (entry, key);

    public CertificateEntry Entry { get; }

    /// <summary>PKCS#8 PEM.</summary>
    public string Key { get; }

    public Secret Secret => new(Key);

    public static TestCertificate Of(string name, params string[] hostnames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Of(key, new CertificateRequest(SubjectOf(hostnames), key, HashAlgorithmName.SHA256), name, hostnames);
    }

    public static TestCertificate OfRsa(string name, params string[] hostnames)
    {
        using var key = RSA.Create(2048);
        return Of(key, new CertificateRequest(SubjectOf(hostnames), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), name, hostnames);
    }

    private static string SubjectOf(string[] hostnames) => $"CN={hostnames[0].Replace("*", "any", StringComparison.Ordinal)}";

    private static TestCertificate Of(AsymmetricAlgorithm key, CertificateRequest request, string name, string[] hostnames)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var hostname in hostnames)
            names.AddDnsName(hostname);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var entry = new CertificateEntry
        {
            Key = $"shop/{name}",
            ChainPem = certificate.ExportCertificatePem(),
            KeyFingerprint = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())),
        };
        return new TestCertificate(entry, key.ExportPkcs8PrivateKeyPem());
    }
}
