using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Sync.Kubernetes.Access;

/// <summary>Client certificates as TLS takes them.</summary>
internal static class ClientCertificates
{
    /// <summary>Refuses one that cannot be used: while a file is being replaced, certificate and key may not belong together.</summary>
    /// <exception cref="CredentialException">It cannot be used.</exception>
    public static void Check(ClientCertificate certificate, string place)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(certificate.Chain, certificate.Key.Reveal());
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CredentialException($"The client certificate of {place} cannot be used: certificate and key must be PEM, belong together, and be RSA or elliptic-curve ones without a passphrase.");
        }
    }

    /// <summary>The certificate with its key and what follows it.</summary>
    public static SslStreamCertificateContext ContextOf(ClientCertificate certificate)
    {
        var leaf = X509Certificate2.CreateFromPem(certificate.Chain, certificate.Key.Reveal());
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate.Chain);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }
}
