using Gatehouse.Gateway.Compilation.Inputs;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Who read what: the reverse index that turns a changed fact into the objects to compile again.</summary>
internal sealed class Dependencies
{
    private const string AllTenants = "";

    private readonly Dictionary<Topic, object> _readers = [];
    private readonly NameTree<Node> _claimReaders = new();
    private readonly NameTree<Node> _hostnameReaders = new();

    /// <summary>Replaces what an object read.</summary>
    public void Update(Node node, Footprint footprint)
    {
        if (ReferenceEquals(node.Footprint, footprint))
            return;
        foreach (var topic in node.Footprint.Topics)
        {
            if (Several<Node>.Remove(_readers.GetValueOrDefault(topic), node) is { } rest)
                _readers[topic] = rest;
            else
                _readers.Remove(topic);
        }
        foreach (var name in node.Footprint.Claims)
            _claimReaders.Remove(AllTenants, name, node);
        foreach (var name in node.Footprint.Hostnames)
            _hostnameReaders.Remove(node.Key.Tenant, name, node);
        node.Footprint = footprint;
        foreach (var topic in footprint.Topics)
            _readers[topic] = Several<Node>.Add(_readers.GetValueOrDefault(topic), node);
        foreach (var name in footprint.Claims)
            _claimReaders.Add(AllTenants, name, node);
        foreach (var name in footprint.Hostnames)
            _hostnameReaders.Add(node.Key.Tenant, name, node);
    }

    public IEnumerable<Node> ReadersOf(Topic topic) => Several<Node>.All(_readers.GetValueOrDefault(topic));

    /// <summary>Those who asked who owns a name that this claim may cover.</summary>
    public IEnumerable<Node> ClaimReaders(string hostname) => _claimReaders.Intersecting(AllTenants, hostname);

    /// <summary>Those who asked for a tenant's Hostnames that have names in common with this one.</summary>
    public IEnumerable<Node> HostnameReaders(string tenant, string hostname) => _hostnameReaders.Intersecting(tenant, hostname);
}
