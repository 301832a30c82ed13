using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>An authority that issues client certificates.</summary>
internal sealed class ClientAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ClientAuthority(string name, ClientAuthority? issuer = null)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (issuer is null)
        {
            Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
            return;
        }
        using var signed = request.Create(issuer.Certificate, DateTimeOffset.UtcNow.AddHours(-3), DateTimeOffset.UtcNow.AddDays(20), RandomNumberGenerator.GetBytes(8));
        Certificate = signed.CopyWithPrivateKey(_key);
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>A certificate for clients, or (wrong) for servers.</summary>
    public X509Certificate2 Issue(string name, string usage = "1.3.6.1.5.5.7.3.2", int days = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        using var signed = request.Create(Certificate, DateTimeOffset.UtcNow.AddHours(-2), DateTimeOffset.UtcNow.AddDays(days).AddHours(-1), RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
