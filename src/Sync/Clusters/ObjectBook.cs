using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Clusters;

/// <summary>What is meant beside what is there, object by object, and which of them have to be judged. Used by the session's loop alone.</summary>
internal sealed class ObjectBook(string owner)
{
    private readonly Dictionary<ObjectKey, ObjectEntry> _entries = [];
    private readonly Dictionary<ResourceKey, HashSet<ObjectEntry>> _bySource = [];
    private readonly Dictionary<string, ObservedObject> _namespaces = new(StringComparer.Ordinal);
    private readonly HashSet<string> _synced = new(StringComparer.Ordinal);
    private readonly HashSet<ObjectEntry> _dirty = [];
    private ILookup<ObjectKey, ResourceKey> _servedBy = Array.Empty<(ObjectKey Gateway, ResourceKey Served)>().ToLookup(static pair => pair.Gateway, static pair => pair.Served);

    public string Owner => owner;

    public IReadOnlyCollection<ObjectEntry> Entries => _entries.Values;

    /// <summary>Entries that wait for judgement.</summary>
    public int DirtyCount => _dirty.Count;

    /// <summary>Stored objects whose report may have changed.</summary>
    public HashSet<ResourceKey> TouchedSources { get; } = [];

    /// <summary>Whether objects came or went that are not meant to be there.</summary>
    public bool PruneChanged { get; set; } = true;

    public bool IsSynced(string kind) => _synced.Contains(kind);

    public ObservedObject? Namespace(string name) => _namespaces.GetValueOrDefault(name);

    public ObjectEntry? Find(ObjectKey key) => _entries.GetValueOrDefault(key);

    public IReadOnlyCollection<ObjectEntry> OfSource(ResourceKey source) => _bySource.TryGetValue(source, out var found) ? found : [];

    /// <summary>Objects of ours that are in the cluster.</summary>
    public IEnumerable<ObjectEntry> Ours => _entries.Values.Where(entry => entry.Observed?.IsMarked(owner) == true);

    /// <summary>Objects of ours that are not meant to be there.</summary>
    public IEnumerable<ObjectEntry> Surplus => Ours.Where(static entry => entry.Desired is null);

    /// <summary>Takes a projection.</summary>
    public void TakeDesired(ClusterProjection projection)
    {
        var meant = new HashSet<ObjectKey>(projection.Objects.Count);
        _servedBy = projection.GatewaysOf.SelectMany(static served => served.Value.Select(gateway => (Gateway: ObjectKey.Of(gateway), Served: served.Key))).ToLookup(static pair => pair.Gateway, static pair => pair.Served);
        foreach (var desired in projection.Objects)
        {
            var key = ObjectKey.Of(desired.Id);
            meant.Add(key);
            var entry = EntryOf(key);
            if (entry.Desired is not { } before || !IsSameIntent(before, desired))
                MarkDirty(entry);
            SetDesired(entry, desired);
        }
        foreach (var entry in _entries.Values.Where(entry => entry.Desired is not null && !meant.Contains(entry.Key)).ToList())
        {
            SetDesired(entry, null);
            MarkDirty(entry);
        }
    }

    /// <summary>Takes all objects of a kind: what is not among them is gone.</summary>
    public void TakeListed(ApiKind kind, IReadOnlyList<ObservedObject> items)
    {
        var present = new HashSet<ObjectKey>(items.Count);
        foreach (var item in items)
        {
            present.Add(ObjectKey.Of(kind, item.Json));
            TakeObserved(kind, item);
        }
        foreach (var entry in _entries.Values.Where(entry => entry.Key.Kind == kind.Kind && entry.Key.Group == kind.Group && entry.Observed is not null && !present.Contains(entry.Key)).ToList())
            Forget(entry);
        if (kind is { Group: "", Kind: "Namespace" })
        {
            foreach (var name in _namespaces.Keys.Where(name => !present.Contains(ObjectKey.OfNamespace(name))).ToList())
                TakeNamespace(name, null);
        }
        TakeSynced(kind.Kind);
    }

    /// <summary>Takes that a kind was read, or is not served.</summary>
    public void TakeSynced(string kind)
    {
        if (!_synced.Add(kind))
            return;
        PruneChanged = true;
        foreach (var entry in _entries.Values.Where(entry => entry.Key.Kind == kind))
            MarkDirty(entry);
    }

    /// <summary>Takes that a kind has to be read anew.</summary>
    public void TakeUnsynced(string kind) => _synced.Remove(kind);

    /// <summary>Takes that a kind is not served any more: its objects went with it.</summary>
    public void TakeUnserved(string kind)
    {
        _synced.Remove(kind);
        foreach (var entry in _entries.Values.Where(entry => entry.Key.Kind == kind && entry.Observed is not null).ToList())
            Forget(entry);
    }

    /// <summary>Takes an object as a watch tells it.</summary>
    public void TakeObserved(ApiKind kind, ObservedObject observed)
    {
        var key = ObjectKey.Of(kind, observed.Json);
        if (key.IsNamespace)
        {
            TakeNamespace(key.Name, observed);
            if (!observed.IsMarked(owner) && !_entries.ContainsKey(key))
                return;
        }
        var entry = EntryOf(key);
        entry.Kind = kind;
        if (entry.Observed is { } before && (observed.IsOlderThan(before) || (observed.Uid == before.Uid && observed.ResourceVersion == before.ResourceVersion)))
            return;
        SetObserved(entry, observed);
    }

    /// <summary>Takes that an object is gone, or has lost our marks: then a look will find it.</summary>
    public void TakeRemoved(ApiKind kind, ObservedObject observed)
    {
        var key = ObjectKey.Of(kind, observed.Json);
        if (key.IsNamespace)
            TakeNamespace(key.Name, null);
        if (_entries.TryGetValue(key, out var entry) && entry.Observed is { } before && (before.Uid == observed.Uid || observed.Uid.Length == 0))
            Forget(entry);
    }

    /// <summary>Sets what is there, by a watch or by the answer to a write.</summary>
    public void SetObserved(ObjectEntry entry, ObservedObject? observed)
    {
        var source = entry.Source;
        if (observed is not null && observed.IsMarked(owner))
            entry.KnownUid = observed.Uid;
        entry.Observed = observed;
        Index(entry, source);
        MarkDirty(entry);
        if (entry.Desired is null)
            PruneChanged = true;
    }

    /// <summary>Has an object judged.</summary>
    public void MarkDirty(ObjectEntry entry)
    {
        _dirty.Add(entry);
        Touch(entry);
    }

    /// <summary>Has the reports looked at that tell of an object: its source's, and those of what a Gateway serves.</summary>
    public void Touch(ObjectEntry entry)
    {
        if (entry.Source is { } source)
            TouchedSources.Add(source);
        TouchedSources.UnionWith(_servedBy[entry.Key]);
    }

    /// <summary>Takes all entries that wait for judgement.</summary>
    public List<ObjectEntry> TakeDirty()
    {
        var dirty = _dirty.ToList();
        _dirty.Clear();
        return dirty;
    }

    /// <summary>Drops what is neither meant nor there.</summary>
    public void DropIfForgotten(ObjectEntry entry)
    {
        if (!entry.IsForgotten || entry.Ticket != 0)
            return;
        _entries.Remove(entry.Key);
        _dirty.Remove(entry);
    }

    private void Forget(ObjectEntry entry) => SetObserved(entry, null);

    private void SetDesired(ObjectEntry entry, ProjectedObject? desired)
    {
        var source = entry.Source;
        if (entry.Desired is null || desired is null)
            PruneChanged = true;
        if (entry.Desired?.SourceGeneration != desired?.SourceGeneration)
            Touch(entry);
        if (entry.Desired?.Hash != desired?.Hash)
            entry.LastRepair = null;
        var wasMeant = entry.Desired is not null;
        entry.Desired = desired;
        Index(entry, source);
        if (entry.Key.IsNamespace && wasMeant != (desired is not null))
            MarkDirtyIn(entry.Key.Name);
    }

    private void TakeNamespace(string name, ObservedObject? observed)
    {
        var before = _namespaces.GetValueOrDefault(name);
        if (observed is null)
            _namespaces.Remove(name);
        else
            _namespaces[name] = observed;

        // What lies in it waits for it to be there, to be ours, or to stop being deleted.
        if (before is not null && observed is not null && before.IsBeingDeleted == observed.IsBeingDeleted && before.IsMarked(owner) == observed.IsMarked(owner))
            return;
        MarkDirtyIn(name);
    }

    private void MarkDirtyIn(string ns)
    {
        foreach (var entry in _entries.Values.Where(entry => entry.Key.Namespace == ns))
        {
            entry.NotBefore = 0;
            MarkDirty(entry);
        }
    }

    private ObjectEntry EntryOf(ObjectKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            _entries[key] = entry = new ObjectEntry(key);
        return entry;
    }

    private void Index(ObjectEntry entry, ResourceKey? before)
    {
        var now = entry.Source;
        if (now == before)
        {
            if (now is { } same)
                Add(same, entry);
            return;
        }
        if (before is { } old && _bySource.TryGetValue(old, out var found))
        {
            found.Remove(entry);
            if (found.Count == 0)
                _bySource.Remove(old);
            TouchedSources.Add(old);
        }
        if (now is { } current)
            Add(current, entry);
    }

    private void Add(ResourceKey source, ObjectEntry entry)
    {
        if (!_bySource.TryGetValue(source, out var found))
            _bySource[source] = found = [];
        found.Add(entry);
    }

    private static bool IsSameIntent(ProjectedObject one, ProjectedObject other) =>
        one.Hash == other.Hash && one.Id == other.Id && one.RepairsDrift == other.RepairsDrift && one.ExternalWeights == other.ExternalWeights && one.PrivateKeyOf == other.PrivateKeyOf;
}
