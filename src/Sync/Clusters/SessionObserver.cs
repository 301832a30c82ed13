using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Clusters;

/// <summary>Takes what watches tell into the session's state, and keeps the watches in the versions that the cluster serves.</summary>
internal sealed class SessionObserver(SessionState state)
{
    private WatchSet? _watches;

    /// <summary>Begins with what every cluster has; the rest follows from its definitions.</summary>
    public void Begin(WatchSet watches)
    {
        _watches = watches;
        watches.Ensure("apiextensions.k8s.io/v1", WatchSet.Definitions);
        foreach (var (apiVersion, kind) in WatchKinds.Core)
        {
            watches.Ensure(apiVersion, kind);
            state.WatchedKinds.Add(kind);
        }
    }

    /// <summary>Watches a kind in the version in which it is projected.</summary>
    public void Ensure(string apiVersion, string kind)
    {
        state.WatchedKinds.Add(kind);
        if (_watches?.Ensure(apiVersion, kind) == true)
            state.Book.TakeUnsynced(kind);
    }

    public void Take(Observation observation)
    {
        if (observation is WatchTroubled trouble)
        {
            state.NoteTrouble(trouble);
            return;
        }
        if (state.NoteLife(observation.Watch))
            state.Pace.Quicken();
        switch (observation)
        {
            case ObjectsListed listed:
                if (listed.Watch == "EndpointSlice")
                    state.NeedsProjection |= state.Findings.TakeEndpointSlices(true);
                state.Book.TakeListed(listed.Kind, listed.Items);
                break;
            case ObjectChanged changed:
                state.Book.TakeObserved(changed.Kind, changed.Object);
                break;
            case ObjectRemoved removed:
                state.Book.TakeRemoved(removed.Kind, removed.Object);
                break;
            case KindMissing missing:
                TakeMissing(missing.Watch);
                break;
            case KindsListed kinds:
                TakeKinds(state.Findings.TakeKinds(kinds.Kinds));
                break;
            case KindChanged kind:
                TakeKinds(state.Findings.TakeKind(kind.Kind, kind.IsGone));
                break;
            case ClassesListed classes:
                state.NeedsProjection |= state.Findings.TakeClasses(classes.Classes);
                break;
            case ClassChanged one:
                state.NeedsProjection |= state.Findings.TakeClass(one.Class, one.IsGone);
                break;
        }
    }

    private void TakeMissing(string kind)
    {
        if (kind == WatchSet.Classes)
            state.NeedsProjection |= state.Findings.TakeClasses([]);
        else if (kind == WatchSet.Definitions)
            TakeKinds(state.Findings.TakeKinds([]));
        else if (kind == "EndpointSlice")
            state.NeedsProjection |= state.Findings.TakeEndpointSlices(false);
        state.Book.TakeSynced(kind);
    }

    // Kinds came, went, or are served in other versions.
    private void TakeKinds(bool differ)
    {
        if (!differ || _watches is null)
            return;
        _watches.ForgetDiscovery();
        var served = state.Findings.Versions;
        foreach (var kind in WatchKinds.Gateway.Append(WatchSet.Classes))
        {
            if (served.TryGetValue(kind, out var versions))
                Watch($"{WatchKinds.GatewayGroup}/{versions[0]}", kind);
            else
                Unwatch(kind);
        }
        foreach (var entry in state.Book.Entries.Where(static entry => entry.Obstacle is not null).ToList())
        {
            entry.NotBefore = 0;
            state.Book.MarkDirty(entry);
        }
        state.NeedsProjection = true;
    }

    private void Watch(string apiVersion, string kind)
    {
        if (_watches!.Ensure(apiVersion, kind))
            state.Book.TakeUnsynced(kind);
        if (kind != WatchSet.Classes)
            state.WatchedKinds.Add(kind);
    }

    private void Unwatch(string kind)
    {
        _watches!.Stop(kind);
        state.ForgetTrouble(kind);
        if (kind == WatchSet.Classes)
            state.Findings.TakeClasses([]);
        else if (state.WatchedKinds.Remove(kind))
            state.Book.TakeUnserved(kind);
    }
}
