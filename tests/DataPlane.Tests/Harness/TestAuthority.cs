using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>A certificate authority of a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name = "Test CA")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    public string Pem => _root.ExportCertificatePem();

    public X509Certificate2 Root => _root;

    /// <summary>Issues a certificate; names with <c>://</c> are URIs.</summary>
    public X509Certificate2 Issue(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (name.Contains("://", StringComparison.Ordinal))
                alternatives.AddUri(new Uri(name));
            else
                alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        using var issued = request.Create(_root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(10), RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}
