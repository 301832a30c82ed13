using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Projection;

namespace Gatehouse.Gateway.Compilation.Conflict;

/// <summary>All conflict domains (pool, address, port). A listener with several addresses must win at each of them.</summary>
internal sealed class PortDomains
{
    /// <summary>Stands for the data plane's default address.</summary>
    private const string DefaultAddress = "";

    private readonly Dictionary<(string Pool, string Address, int Port), PortDomain> _domains = [];

    public void Add(ListenerState listener, ISet<ListenerState> affected)
    {
        foreach (var key in KeysOf(listener))
        {
            if (!_domains.TryGetValue(key, out var domain))
                _domains[key] = domain = new PortDomain();
            domain.Add(listener, affected);
        }
        affected.Add(listener);
    }

    public void Remove(ListenerState listener, ISet<ListenerState> affected)
    {
        foreach (var key in KeysOf(listener))
        {
            if (!_domains.TryGetValue(key, out var domain))
                continue;
            domain.Remove(listener, affected);
            if (domain.IsEmpty)
                _domains.Remove(key);
        }
    }

    /// <summary>Conflicted=True, or null.</summary>
    public Verdict? Judge(ListenerState listener)
    {
        foreach (var key in KeysOf(listener))
        {
            if (_domains[key].Judge(listener) is { } conflict)
                return conflict;
        }
        return null;
    }

    /// <summary>Whether another listener of one of its sockets takes some of its TLS names.</summary>
    public bool Overlaps(ListenerState listener)
    {
        foreach (var key in KeysOf(listener))
        {
            if (_domains[key].Overlaps(listener))
                return true;
        }
        return false;
    }

    private static IEnumerable<(string Pool, string Address, int Port)> KeysOf(ListenerState listener)
    {
        if (!listener.Model.IsCandidate)
            return [];
        var addresses = listener.Model.Gateway.Addresses;
        // In a cluster each Gateway gets an address of its own.
        if (ClusterPool.IsCluster(listener.Pool))
            return [(listener.Pool, listener.Model.Gateway.Name, listener.Model.Spec.Port)];
        return addresses.Count == 0
            ? [(listener.Pool, DefaultAddress, listener.Model.Spec.Port)]
            : addresses.Select(address => (listener.Pool, address, listener.Model.Spec.Port));
    }
}
