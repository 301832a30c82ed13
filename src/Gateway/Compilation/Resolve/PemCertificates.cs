using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Certificates in PEM text. Text that is none gives a problem, never an exception.</summary>
internal static class PemCertificates
{
    private const string Label = "CERTIFICATE";

    /// <summary>A certificate with its chain.</summary>
    /// <param name="model">Takes what is found.</param>
    /// <param name="pem">PEM: the leaf first.</param>
    public static CertificateModel Read(CertificateModel model, string pem)
    {
        using var chain = new Parsed(pem);
        if (chain.Problem is { } problem)
            return model with { Problem = problem };
        try
        {
            var leaf = chain.Certificates[0];
            return model with
            {
                ChainPem = chain.ToPem(),
                KeyFingerprint = Convert.ToHexStringLower(SHA256.HashData(leaf.PublicKey.ExportSubjectPublicKeyInfo())),
                DnsNames = DnsNamesOf(leaf),
                Addresses = [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateIPAddresses()).Select(address => address.ToString())],
                Subject = leaf.Subject,
                Issuer = leaf.Issuer,
                Fingerprint = leaf.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(),
                NotBefore = new DateTimeOffset(leaf.NotBefore.ToUniversalTime()),
                NotAfter = new DateTimeOffset(leaf.NotAfter.ToUniversalTime()),
            };
        }
        catch (CryptographicException)
        {
            return model with { Problem = "its first certificate cannot be read" };
        }
    }

    /// <summary>A bundle of authorities.</summary>
    /// <returns>The certificates alone as PEM, or why there is none.</returns>
    public static (string Pem, string? Problem) ReadBundle(string pem)
    {
        using var bundle = new Parsed(pem);
        return bundle.Problem is { } problem ? ("", problem) : (bundle.ToPem(), null);
    }

    private static string[] DnsNamesOf(X509Certificate2 leaf) =>
        [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames())
            .Select(name => name.ToLowerInvariant())
            .Distinct()
            .Order(StringComparer.Ordinal)];

    /// <summary>Certificates hold handles of the system's library, so they are let go at once.</summary>
    private sealed class Parsed : IDisposable
    {
        public Parsed(string pem)
        {
            var rest = pem.AsSpan();
            while (Problem is null && PemEncoding.TryFind(rest, out var fields))
            {
                if (rest[fields.Label] is Label)
                    Add(rest[fields.Base64Data]);
                rest = rest[fields.Location.End..];
            }
            if (Problem is null && Certificates.Count == 0)
                Problem = "it holds no PEM block CERTIFICATE";
        }

        public List<X509Certificate2> Certificates { get; } = [];

        public string? Problem { get; private set; }

        public string ToPem() => string.Join('\n', Certificates.Select(certificate => certificate.ExportCertificatePem())) + "\n";

        public void Dispose()
        {
            foreach (var certificate in Certificates)
                certificate.Dispose();
        }

        private void Add(ReadOnlySpan<char> base64)
        {
            try
            {
                Certificates.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64.ToString())));
            }
            catch (Exception failure) when (failure is CryptographicException or FormatException)
            {
                Problem = $"block {Certificates.Count + 1} is not a certificate";
            }
        }
    }
}
