using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Planning;

/// <summary>Reads from an object's annotation which stored object it was made of.</summary>
internal static class SourceMark
{
    public static ResourceKey? Of(ObservedObject observed)
    {
        if (observed.Annotation(ObjectMarks.Source)?.Split('/', 3) is not [var kind, var tenant, var name])
            return null;
        return new ResourceKey(kind, tenant, name);
    }
}
