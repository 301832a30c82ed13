using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Benchmarks.Tls;

/// <summary>Certificates of P-256, one for each name, all with one key, so that they are quick to make: what is measured sees no difference.</summary>
internal sealed class BenchCertificates : IDisposable
{
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private readonly X509SignatureGenerator _generator;
    private readonly string _end;
    private readonly string _fingerprint;

    public BenchCertificates()
    {
        var request = new CertificateRequest("CN=bench authority", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(Begin, End);
        _generator = X509SignatureGenerator.CreateForECDsa(_authorityKey);
        _end = "\n" + _authority.ExportCertificatePem();
        _fingerprint = Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()));
        KeyPem = _key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>PKCS#8 of the key that all of them have.</summary>
    public string KeyPem { get; }

    private static DateTimeOffset Begin { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset End { get; } = new(2126, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string NameOf(int index) => $"h{index}.bench.test";

    /// <summary>The certificate of a name, with its authority's as a chain.</summary>
    public CertificateEntry Entry(int index)
    {
        using var certificate = Issue(index);
        return new CertificateEntry { Key = $"shop/c{index}", ChainPem = certificate.ExportCertificatePem() + _end, KeyFingerprint = _fingerprint };
    }

    /// <summary>The certificate of a name with its key.</summary>
    public X509Certificate2 WithKey(int index)
    {
        using var certificate = Issue(index);
        return certificate.CopyWithPrivateKey(_key);
    }

    public X509Certificate2 Authority => _authority;

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Issue(int index)
    {
        var request = new CertificateRequest($"CN={NameOf(index)}", _key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(NameOf(index));
        request.CertificateExtensions.Add(names.Build());
        return request.Create(_authority.SubjectName, _generator, Begin, End, BitConverter.GetBytes(index + 1L));
    }
}
