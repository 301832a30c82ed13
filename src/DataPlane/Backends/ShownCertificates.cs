using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tls;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Backends;

/// <summary>The certificates that are shown to backends, by key: always those in force when a connection is opened.</summary>
internal sealed class ShownCertificates(CurrentTable table)
{
    private readonly ConditionalWeakTable<CertificateState, SslStreamCertificateContext> _contexts = [];

    /// <summary>The certificate of a key; null: there is none, or it cannot be used.</summary>
    public SslStreamCertificateContext? Find(string key)
    {
        if (!table.Current.Certificates.TryGetValue(key, out var state))
            return null;
        try
        {
            return _contexts.GetValue(state, ContextOf);
        }
        catch (Exception failure) when (failure is CryptographicException or MatchTableException)
        {
            return null;
        }
    }

    private static SslStreamCertificateContext ContextOf(CertificateState state)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(state.ChainPem);
        chain.RemoveAt(0);
        // Offline: the address of an issuer in a certificate must not make the gateway fetch it.
        return SslStreamCertificateContext.Create(state.Load(), chain, offline: true);
    }
}
