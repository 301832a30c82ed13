using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of objects of which the compiler makes nothing; who uses them says more.</summary>
internal static class PlainStatus
{
    public static ResourceStatus Of(Resource resource) => new()
    {
        Key = resource.Key,
        Generation = resource.Generation,
        Conditions = [Verdict.Accepted.At(resource.Generation), Verdict.ResolvedRefs.At(resource.Generation)],
    };
}
