using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.DataPlane.Hosting;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// The handshake for names that no listener takes, where the operator prefers it to an alert: its certificate is drawn at the start, says nothing
/// of any tenant, and no client trusts it. Whatever is asked over it gets 421.
/// </summary>
internal sealed class NeutralCertificate : IDisposable
{
    /// <summary>Stands for a listener where a connection has none; no listener's id is empty.</summary>
    public const string Listener = "";

    private static readonly TimeSpan Validity = TimeSpan.FromDays(3650);

    private readonly X509Certificate2? _certificate;

    public NeutralCertificate(DataPlaneOptions options, TimeProvider clock)
    {
        if (!options.NeutralCertificate)
            return;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gateway.invalid", key, HashAlgorithmName.SHA256);
        var now = clock.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now + Validity);
        Handshake = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(_certificate, null, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
    }

    private SslServerAuthenticationOptions? Handshake { get; }

    /// <summary>The handshake for a client; null: it is refused.</summary>
    /// <param name="hello">What the client says.</param>
    public SslServerAuthenticationOptions? For(HelloContent hello) => hello.Ciphers.Suits(isRsa: false) ? Handshake : null;

    public void Dispose() => _certificate?.Dispose();
}
