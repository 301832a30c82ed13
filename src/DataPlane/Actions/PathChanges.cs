using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Actions;

/// <summary>Applies path changes (https://gateway-api.sigs.k8s.io/reference/spec/#httppathmodifier).</summary>
internal static class PathChanges
{
    /// <summary>The new path.</summary>
    /// <param name="change">Change.</param>
    /// <param name="path">Path in the form that was matched, so that the prefix is the one that was matched.</param>
    public static string Apply(PathChange change, ReadOnlySpan<char> path)
    {
        if (change.Full is { } full)
            return full.Length == 0 ? "/" : full;
        var prefix = change.Prefix!.AsSpan().TrimEnd('/');
        if (!path.StartsWith(prefix) || (path.Length > prefix.Length && path[prefix.Length] != '/'))
            return path.ToString();
        var rest = path[prefix.Length..];
        var replaced = string.Concat((change.Replacement ?? "").AsSpan().TrimEnd('/'), rest);
        return replaced.Length == 0 ? "/" : replaced;
    }
}
