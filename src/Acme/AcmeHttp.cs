using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Acme;

/// <summary>HTTP as <see cref="AcmeClient"/> wants it: no redirects, no cookies, bounded.</summary>
public static class AcmeHttp
{
    /// <summary>A client for any number of accounts of one authority.</summary>
    /// <param name="trustedRoots">Roots of the authority's own HTTPS; null: those of the system.</param>
    public static HttpClient Create(X509Certificate2Collection? trustedRoots = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 32,
            // What is left of an answer that is too long is not read to save a connection.
            MaxResponseDrainSize = 0,
        };
        if (trustedRoots is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(trustedRoots);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        return new HttpClient(handler);
    }
}
