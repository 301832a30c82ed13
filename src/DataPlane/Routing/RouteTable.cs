using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Challenges;
using Gatehouse.DataPlane.Tls;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.DataPlane.Routing;

/// <summary>All that is served at one moment. Immutable; a request holds on to the table that it began with.</summary>
/// <param name="Listeners">Listeners and hosts.</param>
/// <param name="Backends">Backends by key.</param>
/// <param name="Certificates">Certificates by key.</param>
/// <param name="Challenges">Challenges of certificate authorities.</param>
internal sealed record RouteTable(ListenerIndex<HostRuntime> Listeners, PersistentMap<BackendState> Backends, PersistentMap<CertificateState> Certificates, ChallengeSet Challenges)
{
    public static RouteTable Empty { get; } = new(ListenerIndex.Empty<HostRuntime>(), PersistentMap.Empty<BackendState>(), PersistentMap.Empty<CertificateState>(), ChallengeSet.Empty);

    /// <summary>Whether clients that are redirected find a certificate.</summary>
    public bool HasCertificateFor(HttpsRedirectEntry redirect)
    {
        if (!Listeners.TryGet(redirect.Listener, out var listener) || listener.Entry.Tls is not { } tls)
            return false;
        foreach (var key in tls.Certificates)
        {
            if (Certificates.TryGetValue(key, out var certificate) && !certificate.IsBroken)
                return true;
        }
        return false;
    }

    /// <summary>The entries that are served.</summary>
    public MatchTable Export() => new()
    {
        Listeners = Listeners.Listeners.ToDictionary(listener => listener.Entry.Id, listener => listener.Entry),
        Hosts = Listeners.Hosts.Select(host => host.Matcher.Entry).ToDictionary(host => host.Key),
        Backends = Backends.Entries.ToDictionary(backend => backend.Key, backend => backend.Value.Entry),
        Certificates = Certificates.Entries.ToDictionary(certificate => certificate.Key, certificate => certificate.Value.Entry),
        Challenges = Challenges.Entries.ToDictionary(challenge => challenge.Key, challenge => challenge.Value.Entry),
    };

    /// <summary>Private keys by the certificate's key.</summary>
    public IReadOnlyDictionary<string, Secret> Secrets() => Certificates.Entries.ToDictionary(certificate => certificate.Key, certificate => certificate.Value.PrivateKey);
}
