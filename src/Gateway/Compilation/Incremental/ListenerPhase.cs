using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Resolves listeners and settles their conflicts.</summary>
internal static class ListenerPhase
{
    public static void Run(CompilerState state, Work work)
    {
        var affected = new HashSet<ListenerState>();
        var changed = new HashSet<ResourceKey>();
        foreach (var node in work.Sources)
            Resolve(node, state, work, affected, changed);
        foreach (var listener in affected)
            Judge(listener, state, work, changed);
        foreach (var key in changed)
        {
            work.Statuses.Add(key);
            if (key.Kind != ResourceKind.Gateway)
                CountAttached(key, state, work);
            work.Mark(state.Dependencies.ReadersOf(SourceNode.TopicOf(key)));
        }
    }

    private static void Resolve(SourceNode node, CompilerState state, Work work, HashSet<ListenerState> affected, HashSet<ResourceKey> changed)
    {
        work.Statuses.Add(node.Key);
        if (node.Key.Kind == ResourceKind.Hostname)
            work.Challenges.UnionWith(state.Challenges.TokensOf(node.Key.Tenant, node.Key.Name));
        SourceModel? model = null;
        if (node.Resource is { } resource)
        {
            model = Phase.Compile(node, state, reads => SourceResolver.Resolve(resource, reads)) ?? node.Model;
        }
        else
        {
            state.Sources.Remove(node.Key);
            state.Dependencies.Update(node, Footprint.None);
        }
        if (model is null ? node.Model is null : model.IsSame(node.Model))
            return;
        changed.Add(node.Key);
        node.Model = model;
        node.Listeners = Replace(node.Listeners, model?.Listeners ?? [], state, work, affected);
    }

    // "A ListenerSet is successfully attached to a Gateway when … the ListenerSet's status has the condition Accepted: true"
    // (https://gateway-api.sigs.k8s.io/reference/spec/#gatewaystatus). Hostnames compile to ListenerSets.
    private static void CountAttached(ResourceKey key, CompilerState state, Work work)
    {
        var before = state.AttachedSets.GetValueOrDefault(key, []);
        var after = state.Sources.GetValueOrDefault(key) is { Model.Problem: null } node
            ? node.Listeners.Where(listener => listener.IsProgrammed).Select(listener => listener.Model.Gateway.Key).Distinct().ToArray()
            : [];
        if (before.AsSpan().SequenceEqual(after))
            return;
        if (after.Length == 0)
            state.AttachedSets.Remove(key);
        else
            state.AttachedSets[key] = after;
        foreach (var (gateway, change) in before.Select(gateway => (gateway, -1)).Concat(after.Select(gateway => (gateway, 1))))
        {
            state.SetsOfGateway[gateway] = state.SetsOfGateway.GetValueOrDefault(gateway) + change;
            if (state.SetsOfGateway[gateway] == 0)
                state.SetsOfGateway.Remove(gateway);
            work.Statuses.Add(gateway);
        }
    }

    private static ListenerState[] Replace(IReadOnlyList<ListenerState> before, IReadOnlyList<ListenerModel> models, CompilerState state, Work work, HashSet<ListenerState> affected)
    {
        var after = new ListenerState[models.Count];
        foreach (var listener in before)
        {
            if (models.Any(model => model.Id == listener.Model.Id))
                continue;
            state.Domains.Remove(listener, affected);
            affected.Remove(listener);
            state.Listeners.Remove(listener.Model.Id);
            state.Pool(listener.Pool).SetListener(listener.Model.Id, null);
            Use(listener, "", [], state, work);
        }
        for (var i = 0; i < after.Length; i++)
            after[i] = Replace(before.FirstOrDefault(listener => listener.Model.Id == models[i].Id), models[i], state, affected);
        return after;
    }

    private static ListenerState Replace(ListenerState? before, ListenerModel model, CompilerState state, HashSet<ListenerState> affected)
    {
        if (before is not null)
        {
            if (before.Model.IsSame(model))
                return before;
            state.Domains.Remove(before, affected);
            if (before.Pool != model.Gateway.Pool)
                state.Pool(before.Pool).SetListener(model.Id, null);
        }
        var listener = before ?? new ListenerState(model);
        listener.Model = model;
        state.Listeners[model.Id] = listener;
        state.Domains.Add(listener, affected);
        return listener;
    }

    private static void Judge(ListenerState listener, CompilerState state, Work work, HashSet<ResourceKey> changed)
    {
        var conflict = state.Domains.Judge(listener);
        var overlaps = state.Domains.Overlaps(listener);
        if (!Equals(conflict, listener.Conflict) || overlaps != listener.Overlaps)
            changed.Add(listener.Model.Source);
        listener.Conflict = conflict;
        listener.Overlaps = overlaps;
        Use(listener, listener.Pool, listener.Needed, state, work);
        if (listener.Pool.Length > 0)
            state.Pool(listener.Pool).SetListener(listener.Model.Id, listener.Serves ? listener.Entry : null);
    }

    private static void Use(ListenerState listener, string pool, IReadOnlyList<ResourceKey> certificates, CompilerState state, Work work)
    {
        var before = listener.Used;
        if (before.Pool == pool && before.Certificates.SequenceEqual(certificates))
            return;
        foreach (var certificate in before.Certificates)
            MaterialPhase.Count(before.Pool, certificate, -1, state, work);
        foreach (var certificate in certificates)
            MaterialPhase.Count(pool, certificate, 1, state, work);
        listener.Used = (pool, certificates);
    }
}
