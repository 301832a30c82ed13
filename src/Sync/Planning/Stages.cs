using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Planning;

/// <summary>In which order kinds are written: what others refer to comes first, and goes last.</summary>
internal static class Stages
{
    public const int Count = 5;

    public static int Of(ObjectKey key) => key.Kind switch
    {
        "Namespace" => 0,
        "Gateway" or "ListenerSet" => 2,
        _ when key.Kind.EndsWith("Route", StringComparison.Ordinal) => 3,
        "BackendTLSPolicy" => 4,
        _ => 1,
    };

    /// <summary>Order of a write: applies by stage, then deletions by stage in reverse.</summary>
    public static int OrderOf(ObjectKey key, bool isDeletion) => isDeletion ? (2 * Count) - 1 - Of(key) : Of(key);
}
