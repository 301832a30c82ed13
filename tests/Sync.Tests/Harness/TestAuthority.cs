using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Sync.Tests.Harness;

/// <summary>A certificate authority: one of its own, or a test cluster's.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    private TestAuthority(X509Certificate2 certificate) => _certificate = certificate;

    public string CertificatePem => _certificate.ExportCertificatePem() + "\n";

    public static TestAuthority Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Authority {Guid.NewGuid():n}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return new TestAuthority(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30)));
    }

    /// <summary>The one whose ca.crt and ca.key lie in a directory.</summary>
    public static TestAuthority Load(string directory) =>
        new(X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(directory, "ca.crt")), File.ReadAllText(Path.Combine(directory, "ca.key"))));

    /// <summary>A certificate for a server on loopback that goes by more names too.</summary>
    public X509Certificate2 IssueServer(params string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        if (names.Length == 0)
            alternatives.AddIpAddress(IPAddress.Loopback);
        foreach (var name in names)
            alternatives.AddDnsName(name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(alternatives.Build());
        using var issued = Issue(request);
        // TLS wants a key that lives outside this object.
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A client certificate and its key in the older of the PEM forms, as kubeadm writes them.</summary>
    public (string Certificate, string Key) IssueClient(string subject, bool isRsa = false)
    {
        if (isRsa)
        {
            using var rsa = RSA.Create(2048);
            using var rsaIssued = Issue(new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            return (rsaIssued.ExportCertificatePem() + "\n", rsa.ExportRSAPrivateKeyPem() + "\n");
        }
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Issue(new CertificateRequest(subject, key, HashAlgorithmName.SHA256));
        return (issued.ExportCertificatePem() + "\n", key.ExportECPrivateKeyPem() + "\n");
    }

    public void Dispose() => _certificate.Dispose();

    private X509Certificate2 Issue(CertificateRequest request)
    {
        using var key = _certificate.GetECDsaPrivateKey()!;
        return request.Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(key), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(7), RandomNumberGenerator.GetBytes(8));
    }
}
