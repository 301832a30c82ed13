using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Compilation.Tables;

/// <summary>The tables of one pool while they change, with their hash and the changes since the last view.</summary>
internal sealed class PoolTables
{
    private readonly EntryTable<ListenerEntry> _listeners = new(TableHash.Listeners);
    private readonly EntryTable<HostEntry> _hosts = new(TableHash.Hosts);
    private readonly EntryTable<BackendEntry> _backends = new(TableHash.Backends);
    private readonly EntryTable<CertificateEntry> _certificates = new(TableHash.Certificates);
    private readonly EntryTable<ChallengeEntry> _challenges = new(TableHash.Challenges);

    public bool IsEmpty => Count == 0;

    private int Count => _listeners.Count + _hosts.Count + _backends.Count + _certificates.Count + _challenges.Count;

    public void SetListener(string id, ListenerEntry? entry) => _listeners.Set(id, entry);

    public void SetHost(string listener, string hostname, HostEntry? entry) => _hosts.Set(HostEntry.KeyOf(listener, hostname), entry);

    public void SetBackend(string key, BackendEntry? entry) => _backends.Set(key, entry);

    public void SetCertificate(string key, CertificateEntry? entry) => _certificates.Set(key, entry);

    public void SetChallenge(string token, ChallengeEntry? entry) => _challenges.Set(token, entry);

    /// <summary>Settles what was set since the last time.</summary>
    /// <returns>What changed in effect, ordered by table and key.</returns>
    public IReadOnlyList<TableChange> Settle()
    {
        var changes = new List<TableChange>();
        _listeners.Settle(changes);
        _hosts.Settle(changes);
        _backends.Settle(changes);
        _certificates.Settle(changes);
        _challenges.Settle(changes);
        changes.Sort(static (left, right) =>
        {
            var byTable = string.CompareOrdinal(left.Table, right.Table);
            return byTable != 0 ? byTable : string.CompareOrdinal(left.Key, right.Key);
        });
        return changes;
    }

    public PoolTable View() => new(
        new MatchTable { Listeners = _listeners.View(), Hosts = _hosts.View(), Backends = _backends.View(), Certificates = _certificates.View(), Challenges = _challenges.View() },
        _listeners.Hash + _hosts.Hash + _backends.Hash + _certificates.Hash + _challenges.Hash,
        Count);
}
