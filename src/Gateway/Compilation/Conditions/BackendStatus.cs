using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of Backends.</summary>
internal static class BackendStatus
{
    public static ResourceStatus? Of(BackendNode node) => node is not { Resource: { } resource, Model: { } model }
        ? null
        : new ResourceStatus
        {
            Key = node.Key,
            Generation = resource.Generation,
            Conditions = [model.Accepted.At(resource.Generation), model.ResolvedRefs.At(resource.Generation)],
            Pools = DistinctNames.Sorted(node.Uses, static use => use.Pool),
            BackendKeys = DistinctNames.Sorted(node.Uses, static use => use.Target.Key),
        };
}
