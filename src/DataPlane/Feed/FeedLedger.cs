using System.Runtime.InteropServices;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Compilation;

namespace Gatehouse.DataPlane.Feed;

/// <summary>
/// Knows which entries the feed has sent, by their hashes, and turns changes into edits of the table: verified first, applied as a whole,
/// unchanged entries left alone. Used by one thread.
/// </summary>
internal sealed class FeedLedger(TableStore tables)
{
    private readonly Dictionary<EntryKey, UInt128> _hashes = [];
    private readonly Dictionary<EntryKey, string> _refusals = [];

    /// <summary>What is in force.</summary>
    public FeedPosition Position { get; private set; } = FeedPosition.None;

    /// <summary>Entries that are not served, with the reason.</summary>
    public IReadOnlyList<Refusal> Refusals => [.. _refusals.Select(refusal => new Refusal(refusal.Key.Table, refusal.Key.Key, refusal.Value))];

    /// <summary>Whether a certificate is not served, for example because its private key did not come: asked for again with the next connection.</summary>
    public bool LacksCertificates => _refusals.Keys.Any(key => key.Table == FeedEntry.Certificates);

    /// <summary>How many hosts are in force, and how many of them a change takes away.</summary>
    public (int Hosts, int Lost) LossOf(PendingChange change)
    {
        var hosts = _hashes.Keys.Where(key => key.Table == FeedEntry.Hosts).ToList();
        return (hosts.Count, change.IsSnapshot ? hosts.Count(host => !change.Entries.ContainsKey(host)) : 0);
    }

    /// <summary>Checks a change against its commit. Changes nothing.</summary>
    /// <exception cref="FeedMismatchException">Something is missing or altered.</exception>
    public void Verify(PendingChange change, FeedFrame commit)
    {
        var (sum, count) = change.IsSnapshot ? (UInt128.Zero, 0) : (Position.Hash, _hashes.Count);
        foreach (var (key, entry) in change.Entries)
        {
            if (!change.IsSnapshot && _hashes.TryGetValue(key, out var before))
            {
                sum = unchecked(sum - before);
                count--;
            }
            if (!entry.IsRemoval)
            {
                sum = unchecked(sum + entry.Hash);
                count++;
            }
        }
        if (commit.Count is { } expected && expected != count)
            throw new FeedMismatchException($"the feed counts {expected} entries, here are {count}");
        if (PendingChange.HashOf(commit) is var hash && hash != sum)
            throw new FeedMismatchException($"the feed's hash is {commit.Hash}, here it is {TableHash.Format(sum)}");
    }

    /// <summary>Applies a verified change.</summary>
    public void Apply(PendingChange change, long revision, UInt128 hash)
    {
        var gone = change.IsSnapshot ? _hashes.Keys.Where(key => !change.Entries.ContainsKey(key)).ToList() : [];
        var edits = new List<TableEdit>();
        foreach (var key in gone)
            Remove(key, edits);
        foreach (var (key, entry) in change.Entries)
            Set(key, entry, edits);
        foreach (var refusal in edits.Count == 0 ? [] : tables.Apply(edits))
            _refusals[new EntryKey(refusal.Table, refusal.Key)] = refusal.Reason;
        Position = new FeedPosition(revision, hash, change.CompilerVersion ?? Position.CompilerVersion);
    }

    private void Set(EntryKey key, PendingEntry entry, List<TableEdit> edits)
    {
        if (entry.IsRemoval)
        {
            Remove(key, edits);
            return;
        }
        ref var hash = ref CollectionsMarshal.GetValueRefOrAddDefault(_hashes, key, out var known);
        if (known && hash == entry.Hash && !BringsKey(key, entry))
            return;
        hash = entry.Hash;
        _refusals.Remove(key);
        if (entry.Entry is not null)
            edits.Add(new TableEdit(key.Table, key.Key, entry.Entry) { Secret = entry.Secret, Withheld = entry.Withheld });
        else
            _refusals[key] = entry.Error!;
    }

    // A certificate without its key takes nothing away from one that has it: what is in force stays.
    private bool BringsKey(EntryKey key, PendingEntry entry) =>
        entry.Secret is { } secret && !(tables.Current.Certificates.TryGetValue(key.Key, out var known) && known.PrivateKey.Equals(secret));

    private void Remove(EntryKey key, List<TableEdit> edits)
    {
        if (!_hashes.Remove(key))
            return;
        _refusals.Remove(key);
        edits.Add(new TableEdit(key.Table, key.Key, null));
    }
}
