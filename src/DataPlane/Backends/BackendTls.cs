using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.DataPlane.Backends;

/// <summary>
/// TLS towards the backends of one client: their authorities and identities (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation),
/// and the certificate that is shown to them. A backend that cannot be verified is not spoken to.
/// </summary>
internal sealed class BackendTls(OutboundOptions options, ShownCertificates certificates)
{
    private readonly string[] _names = Lines(options.AcceptedNames);
    private readonly string[] _uris = Lines(options.AcceptedUris);
    private readonly Lazy<X509Certificate2Collection> _authorities = new(() => Authorities(options.CaPem));

    /// <summary>Does the handshake.</summary>
    /// <param name="stream">Connection.</param>
    /// <param name="endpointHost">Address or name of the endpoint.</param>
    /// <param name="isHttp">Whether a version of HTTP is negotiated; what else goes inside is not ours to say.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AuthenticationException">The backend cannot be verified, or the certificate to show is missing.</exception>
    public async ValueTask<SslStream> HandshakeAsync(Stream stream, string endpointHost, bool isHttp, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(OptionsFor(endpointHost, isHttp), cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private SslClientAuthenticationOptions OptionsFor(string endpointHost, bool isHttp)
    {
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = options.TlsHostname ?? endpointHost,
            ApplicationProtocols = isHttp ? [options.IsHttp2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11] : null,
            CertificateChainPolicy = ChainPolicy(),
        };
        if (_names.Length > 0 || _uris.Length > 0)
            tls.RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsAccepted(certificate, errors);
        if (options.ClientCertificate is { } key)
            tls.ClientCertificateContext = certificates.Find(key) ?? throw new AuthenticationException("The certificate to show to the backend is missing.");
        return tls;
    }

    // Downloads are off: an address inside a certificate must not make the gateway fetch it.
    private X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (options.CaPem is null)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_authorities.Value);
        return policy;
    }

    // Authorities that cannot be read are none: then nothing is trusted.
    private static X509Certificate2Collection Authorities(string? pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            authorities.Clear();
        }
        return authorities;
    }

    // The hostname is for SNI alone then.
    private bool IsAccepted(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None || certificate is not X509Certificate2 shown)
            return false;
        return SubjectNames.CoverAny(shown, _names) || (_uris.Length > 0 && SubjectNames.UrisOf(shown).Any(uri => _uris.Contains(uri, StringComparer.Ordinal)));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
