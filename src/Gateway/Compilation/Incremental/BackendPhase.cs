using Gatehouse.Gateway.Compilation.Resolve;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Resolves Backends and Services before the routes, and writes the entries of those in use after them.</summary>
internal static class BackendPhase
{
    public static void Resolve(CompilerState state, Work work)
    {
        foreach (var node in work.Backends)
            Resolve(node, state, work);
    }

    public static void WriteEntries(CompilerState state, Work work)
    {
        foreach (var node in work.Entries)
        {
            work.Statuses.Add(node.Key);
            // Removals first: a port that is mapped anew leaves and enters under one key.
            foreach (var (pool, target, routes) in UsesOf(node).OrderBy(use => use.Routes))
                WriteEntry(node, pool, target, routes, state);
            node.Uses.RemoveAll(use => use.Routes == 0);
            UseCertificates(node, state, work);
            if (node.Resource is null && node.Uses.Count == 0)
                state.Backends.Remove(node.Key);
        }
    }

    private static void Resolve(BackendNode node, CompilerState state, Work work)
    {
        work.Statuses.Add(node.Key);
        work.Entries.Add(node);
        var before = node.Model;
        if (node.Resource is { } resource)
        {
            var policies = state.PolicyTargets.Of(node.Key).Select(policy => policy.Model!).ToArray();
            node.Model = Phase.Compile(node, state, reads => BackendEntries.Resolve(resource, reads) with { Policies = PolicyChoice.Of(node.Key, policies) }) ?? before;
        }
        else
        {
            node.Model = null;
            state.Dependencies.Update(node, Footprint.None);
        }
        if (node.Model is null ? before is null : node.Model.IsSame(before))
            return;
        work.Mark(state.Dependencies.ReadersOf(node.Topic));
        MarkPolicies(node, state, work);
    }

    /// <summary>Marks the policies whose target this is: their status tells whether it is there, and through which Gateways it is reached.</summary>
    public static void MarkPolicies(BackendNode node, CompilerState state, Work work)
    {
        foreach (var policy in state.PolicyTargets.Of(node.Key))
            work.Statuses.Add(policy.Key);
    }

    // A backend that several Gateways of a pool lead to is one entry there.
    private static IEnumerable<(string Pool, BackendTarget Target, int Routes)> UsesOf(BackendNode node) => node.Uses is [var only]
        ? [(only.Pool, only.Target, only.Routes)]
        : node.Uses.GroupBy(use => (use.Pool, use.Target)).Select(uses => (uses.Key.Pool, uses.Key.Target, uses.Sum(use => use.Routes)));

    private static void WriteEntry(BackendNode node, string pool, BackendTarget target, int routes, CompilerState state)
    {
        if (routes == 0 || node is not { Resource: { } resource, Model: { } model })
            state.Pool(pool).SetBackend(target.Key, null);
        else if (node.Failure is null && Phase.Guard(node, state, () => BackendEntries.Compile(resource, model, target)) is { } entry)
            state.Pool(pool).SetBackend(target.Key, entry);
    }

    private static void UseCertificates(BackendNode node, CompilerState state, Work work)
    {
        var after = node is { Resource: not null, Model.ClientCertificate: { } certificate }
            ? node.Uses.Select(use => (use.Pool, certificate)).Distinct().ToList()
            : [];
        if (after.Count == 0 && node.ClientCertificates.Count == 0)
            return;
        foreach (var (pool, key) in node.ClientCertificates)
            MaterialPhase.Count(pool, key, -1, state, work);
        foreach (var (pool, key) in after)
            MaterialPhase.Count(pool, key, 1, state, work);
        node.ClientCertificates = after;
    }
}
