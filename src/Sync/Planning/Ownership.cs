using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Planning;

/// <summary>Tells objects of ours from others'.</summary>
internal static class Ownership
{
    /// <summary>
    /// Whether an object is ours though somebody may have taken marks off it: it must not be marked as another's, and either it was seen
    /// with our marks before, or we applied it and it still says what it is made of.
    /// </summary>
    /// <param name="observed">The object.</param>
    /// <param name="owner">Our mark.</param>
    /// <param name="knownUid">Uid of the object of that name that had our marks; null: none was seen.</param>
    public static bool IsOurs(ObservedObject observed, string owner, string? knownUid)
    {
        var mark = observed.Label(ObjectMarks.Owner);
        if (mark is not null)
            return mark == owner;
        return observed.Uid == knownUid || (observed.Annotation(ObjectMarks.Source) is not null && ManagedFields.Of(observed.Json).KnowUs);
    }

    /// <summary>
    /// Whether an object that turned up between our look and our apply is somebody else's: our own late request leaves only our name in it.
    /// </summary>
    public static bool WasThereBefore(ObservedObject applied) => ManagedFields.Of(applied.Json).KnowOthers;
}
