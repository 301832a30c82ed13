using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of ReferenceGrants: upstream gives them none, and the objects that they name are the grantee's affair.</summary>
internal static class GrantStatus
{
    public static ResourceStatus Of(GrantNode node) => new()
    {
        Key = node.Key,
        Generation = node.Resource!.Generation,
        Conditions = [Verdict.Accepted.At(node.Resource.Generation), Verdict.ResolvedRefs.At(node.Resource.Generation)],
    };
}
