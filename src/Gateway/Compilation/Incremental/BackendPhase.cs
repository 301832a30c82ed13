using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Resolves Backends and Services before the routes, and writes the entries of those in use after them.</summary>
internal static class BackendPhase
{
    public static void Resolve(CompilerState state, Work work)
    {
        foreach (var node in work.Backends)
        {
            work.Statuses.Add(node.Key);
            work.Entries.Add(node);
            var before = node.Model;
            node.Model = node.Resource is { } resource
                ? Phase.Compile(node, state, _ => ModelOf(resource)) ?? before
                : null;
            if (node.Model is null ? before is not null : !node.Model.IsSame(before))
                work.Mark(state.Dependencies.ReadersOf(node.Topic));
        }
    }

    public static void WriteEntries(CompilerState state, Work work)
    {
        foreach (var node in work.Entries)
        {
            work.Statuses.Add(node.Key);
            // Removals first: a port that is mapped anew leaves and enters under one key.
            foreach (var use in node.Uses.OrderBy(use => use.Routes))
                WriteEntry(node, use, state);
            node.Uses.RemoveAll(use => use.Routes == 0);
            if (node.Resource is null && node.Uses.Count == 0)
                state.Backends.Remove(node.Key);
        }
    }

    private static BackendModel ModelOf(Resource resource) => resource switch
    {
        Resource<BackendSpec> backend => BackendCompiler.Resolve(backend),
        Resource<ServiceSpec> service => ServiceCompiler.Resolve(service),
        _ => throw new ArgumentException($"{resource.Key} takes no traffic.", nameof(resource)),
    };

    private static BackendEntry EntryOf(Resource resource, BackendModel model, BackendTarget target) => resource switch
    {
        Resource<BackendSpec> backend => BackendCompiler.Compile(backend, target),
        Resource<ServiceSpec> service => ServiceCompiler.Compile(service, model, target),
        _ => throw new ArgumentException($"{resource.Key} takes no traffic.", nameof(resource)),
    };

    private static void WriteEntry(BackendNode node, BackendUse use, CompilerState state)
    {
        var pool = state.Pool(use.Pool);
        if (use.Routes == 0 || node.Resource is not { } resource)
            pool.SetBackend(use.Target.Key, null);
        else if (node.Failure is null && Phase.Compile(node, state, _ => EntryOf(resource, node.Model!, use.Target)) is { } entry)
            pool.SetBackend(use.Target.Key, entry);
    }
}
