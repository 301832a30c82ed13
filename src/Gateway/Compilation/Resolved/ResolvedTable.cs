using Gatehouse.Gateway.Compilation.Tables;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolved;

/// <summary>What is resolved for clusters, while it changes. Where there are no clusters it is empty and costs nothing.</summary>
internal sealed class ResolvedTable
{
    private ShardedMap<ResourceKey, ResolvedObject>? _objects;
    private ResolvedModel _view = ResolvedModel.Empty;

    public bool IsOn => _objects is not null;

    public void SwitchOn() => _objects = new ShardedMap<ResourceKey, ResolvedObject>();

    public void SwitchOff() => (_objects, _view) = (null, ResolvedModel.Empty);

    public void Set(ResourceKey key, ResolvedObject? resolved)
    {
        if (resolved is null)
            _objects!.Remove(key);
        else
            _objects!.Set(key, resolved);
    }

    public void Settle(IReadOnlyList<ResolvedCluster> clusters) => _view = new ResolvedModel(_objects!.View(), clusters);

    public ResolvedModel View() => _view;
}
