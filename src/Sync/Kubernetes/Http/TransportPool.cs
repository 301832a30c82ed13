using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Sync.Kubernetes.Access;

namespace Gatehouse.Sync.Kubernetes.Http;

/// <summary>
/// Connections to one API server. A changed authority or client certificate gets connections of its own; what runs over the former ones
/// runs on.
/// </summary>
internal sealed class TransportPool(ClusterEndpoint endpoint, KubernetesClientOptions options) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private volatile Transport? _current;
    private string? _authority;
    private long _readAt;
    private bool _isDisposed;

    /// <summary>Connections that prove themselves with a certificate, or without one.</summary>
    /// <exception cref="CredentialException">The authorities cannot be read.</exception>
    public async ValueTask<HttpMessageInvoker> GetAsync(ClientCertificate? certificate, CancellationToken cancellationToken)
    {
        if (_current is { } current && Equals(current.Certificate, certificate) && !IsStale)
            return current.Invoker;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var before = _authority;
            await ReadAuthorityAsync(cancellationToken);
            if (_current is { } known && Equals(known.Certificate, certificate) && before == _authority)
                return known.Invoker;
            var invoker = new HttpMessageInvoker(CreateHandler(certificate));
            _current?.Invoker.Dispose();
            _current = new Transport(certificate, invoker);
            return invoker;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _isDisposed = true;
        _current?.Invoker.Dispose();
        _gate.Dispose();
    }

    private bool IsStale => endpoint.Authority is { IsFile: true } && options.Time.GetElapsedTime(Volatile.Read(ref _readAt)) >= options.FileLifetime;

    private async Task ReadAuthorityAsync(CancellationToken cancellationToken)
    {
        if (endpoint.Authority is null || (_authority is not null && !IsStale))
            return;
        try
        {
            var read = await endpoint.Authority.ReadAsync(cancellationToken);
            ImportAuthorities(read);
            _authority = read;
        }
        catch (CredentialException) when (_authority is not null)
        {
            // Half-written or away for a moment: the ones that were read before stay.
        }
        Volatile.Write(ref _readAt, options.Time.GetTimestamp());
    }

    private SocketsHttpHandler CreateHandler(ClientCertificate? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            // An answer that sends the client elsewhere would take the credentials along.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = endpoint.Proxy is not null,
            // Exceptions of the runtime name the proxy: its password must not be in there.
            Proxy = endpoint.Proxy is { } proxy ? new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri) { Credentials = CredentialsOf(proxy) } : null,
            AutomaticDecompression = endpoint.IsCompressed ? DecompressionMethods.GZip : DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            KeepAlivePingDelay = options.PingDelay,
            KeepAlivePingTimeout = options.PingTimeout,
            KeepAlivePingPolicy = options.PingPolicy,
            MaxResponseHeadersLength = 64,
            ActivityHeadersPropagator = null,
        };
        handler.SslOptions.ClientCertificateContext = certificate is null ? null : ClientCertificates.ContextOf(certificate);
#pragma warning disable CA5359 // The kubeconfig asks for it: insecure-skip-tls-verify.
        if (endpoint.SkipsVerification)
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        else if (_authority is not null)
            handler.SslOptions.CertificateChainPolicy = PolicyOf(_authority);
        return handler;
    }

    /// <summary>Trusts these authorities alone; that the name is right is still checked.</summary>
    private static X509ChainPolicy PolicyOf(string authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(ImportAuthorities(authorities));
        return policy;
    }

    private static X509Certificate2Collection ImportAuthorities(string pem)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(pem);
            return authorities.Count > 0 ? authorities : throw new CredentialException("certificate-authority holds no certificate: it must be PEM.");
        }
        catch (CryptographicException)
        {
            throw new CredentialException("certificate-authority cannot be read: it must be certificates as PEM.");
        }
    }

    private static NetworkCredential? CredentialsOf(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
            return null;
        var parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    private sealed record Transport(ClientCertificate? Certificate, HttpMessageInvoker Invoker);
}
