using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Streams;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// Makes ready what handshakes need, when a client first asks for it, and keeps it while it is used: a certificate's chain costs more than
/// the handshake, and all of many at once would cost gigabytes.
/// </summary>
internal sealed partial class ServerHandshakes(ClientValidation clients, ILogger<ServerHandshakes> log)
{
    /// <summary>Certificates that are kept ready; some 100 kB each.</summary>
    private const int Capacity = 2_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<CertificateState, LinkedListNode<Ready>> _ready = [];
    private readonly LinkedList<Ready> _byUse = new();

    /// <summary>The handshake of a listener for a client; null: it cannot be had, and the fault says why.</summary>
    /// <param name="table">Table.</param>
    /// <param name="sockets">Sockets that the connection came in by.</param>
    /// <param name="listener">Listener that the name led to.</param>
    /// <param name="hello">What the client says.</param>
    /// <param name="fault">Why there is none.</param>
    public SslServerAuthenticationOptions? Of(RouteTable table, IReadOnlyList<SocketKey> sockets, ListenerEntry listener, HelloContent hello, out StreamFault? fault)
    {
        fault = StreamFault.NoCertificate;
        if (listener.Tls is not { } tls)
            return null;
        var policy = new HandshakePolicy(tls.ClientValidation, listener.Protocol == "HTTPS", tls.MinimumVersion == "1.3");
        // One that turns out to be of no use is passed over from then on, so this comes to an end.
        while (Choose(table, sockets, listener, hello.ServerName) is { } certificate)
        {
            if (!hello.Ciphers.Suits(certificate.IsRsa))
            {
                fault = StreamFault.NoCipherSuite;
                return null;
            }
            try
            {
                fault = null;
                return Known(certificate, policy) ?? Add(certificate, policy);
            }
            catch (Exception failure) when (failure is MatchTableException or CryptographicException)
            {
                certificate.GiveUp();
                fault = StreamFault.NoCertificate;
                Log.Unusable(log, certificate.Entry.Key, failure.Message);
            }
        }
        return null;
    }

    private SslServerAuthenticationOptions? Known(CertificateState certificate, HandshakePolicy policy)
    {
        lock (_gate)
        {
            if (!_ready.TryGetValue(certificate, out var known))
                return null;
            _byUse.Remove(known);
            _byUse.AddFirst(known);
            return known.Value.Options.GetValueOrDefault(policy);
        }
    }

    // Outside the lock: only the first client of a certificate pays for it. Two at once make two; the second stays.
    private SslServerAuthenticationOptions Add(CertificateState certificate, HandshakePolicy policy)
    {
        SslStreamCertificateContext? context = null;
        lock (_gate)
        {
            if (_ready.TryGetValue(certificate, out var known))
                context = known.Value.Context;
        }
        var options = OptionsOf(context ??= ContextOf(certificate), policy);
        lock (_gate)
        {
            if (!_ready.TryGetValue(certificate, out var known))
            {
                _ready[certificate] = known = _byUse.AddFirst(new Ready(certificate, context));
                Trim();
            }
            known.Value.Options[policy] = options;
        }
        return options;
    }

    // Connections that were set up with what goes keep it; the finalizers release it.
    private void Trim()
    {
        while (_byUse.Count > Capacity)
        {
            _ready.Remove(_byUse.Last!.Value.Certificate);
            _byUse.RemoveLast();
        }
    }

    // https://gateway-api.sigs.k8s.io/reference/spec/#listenertlsconfig: the longest match of SNI out of all certificates, the listener's
    // first where none fits. Others than the listener's own are those of its tenant's listeners that cover the name, too: nobody's key
    // signs for another tenant.
    private static CertificateState? Choose(RouteTable table, IReadOnlyList<SocketKey> sockets, ListenerEntry listener, string? serverName)
    {
        var (best, fit) = Best(table, listener.Tls!, serverName, null, -1);
        // A listener without any certificate of its own serves nobody, whatever others could show.
        if (best is null || serverName is null || fit == CertificateState.Exact)
            return best;
        foreach (var socket in sockets)
        {
            foreach (var other in table.Listeners.Covering(socket, serverName))
            {
                if (other.Entry.Tls is { Passthrough: false } tls && other.Entry.Tenant == listener.Tenant && other.Entry.Id != listener.Id)
                    (best, fit) = Best(table, tls, serverName, best, fit);
            }
        }
        return best;
    }

    private static (CertificateState? Best, int Fit) Best(RouteTable table, ListenerTlsEntry tls, string? serverName, CertificateState? best, int fit)
    {
        foreach (var key in tls.Certificates)
        {
            if (!table.Certificates.TryGetValue(key, out var certificate) || certificate.IsBroken)
                continue;
            var own = serverName is null ? 0 : certificate.Fit(serverName);
            if (own > fit)
                (fit, best) = (own, certificate);
        }
        return (best, fit);
    }

    private static SslStreamCertificateContext ContextOf(CertificateState certificate)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate.ChainPem);
        if (chain.Count > 0)
            chain.RemoveAt(0);
        // Offline: an address inside a certificate must not make the gateway fetch it, or wait for it.
        return SslStreamCertificateContext.Create(certificate.Load(), chain, offline: true);
    }

    private SslServerAuthenticationOptions OptionsOf(SslStreamCertificateContext context, HandshakePolicy policy)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = context,
            EnabledSslProtocols = policy.IsTls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            // Streams negotiate nothing: what is inside is between client and backend.
            ApplicationProtocols = policy.IsHttp ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : null,
        };
        if (policy.Clients is { } validation)
            clients.Ask(options, validation);
        return options;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Certificate {Certificate} cannot be used: {Reason}")]
        public static partial void Unusable(ILogger logger, string certificate, string reason);
    }

    private sealed record HandshakePolicy(ClientValidationEntry? Clients, bool IsHttp, bool IsTls13);

    private sealed class Ready(CertificateState certificate, SslStreamCertificateContext context)
    {
        public CertificateState Certificate => certificate;

        public SslStreamCertificateContext Context => context;

        /// <summary>By policy: a certificate may serve several listeners.</summary>
        public Dictionary<HandshakePolicy, SslServerAuthenticationOptions> Options { get; } = [];
    }
}
