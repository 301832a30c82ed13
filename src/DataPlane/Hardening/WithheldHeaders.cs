using System.Collections.Frozen;

namespace Gatehouse.DataPlane.Hardening;

/// <summary>Request headers that are not copied as they came: those of one connection, those that clients spoof, and Host, which is set apart.</summary>
internal static class WithheldHeaders
{
    private static readonly FrozenSet<string> Set =
        HopByHopHeaders.Names.Concat(SpoofableHeaders.Names).Append("Host").ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a header is one of them; many servers read an underscore like a dash.</summary>
    public static bool Contains(string name) => Set.Contains(name) || (name.Contains('_') && Set.Contains(name.Replace('_', '-')));
}
