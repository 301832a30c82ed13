using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Manifests;

/// <summary>
/// The versions in which upstream's kinds were ever served with the fields that they have now
/// (https://gateway-api.sigs.k8s.io/concepts/versioning/), and the names that kinds had before.
/// </summary>
internal static class GatewayApiVersions
{
    /// <summary>The group of kinds that are experiments upstream.</summary>
    public const string ExperimentalGroup = "gateway.networking.x-k8s.io";

    /// <summary>What is stored.</summary>
    public const string Current = "v1";

    private static readonly Dictionary<string, string[]> Older = new(StringComparer.Ordinal)
    {
        [ResourceKind.GatewayClass] = ["v1beta1", "v1alpha2"],
        [ResourceKind.Gateway] = ["v1beta1", "v1alpha2"],
        [ResourceKind.HttpRoute] = ["v1beta1", "v1alpha2"],
        [ResourceKind.GrpcRoute] = ["v1alpha2"],
        [ResourceKind.TlsRoute] = ["v1alpha3", "v1alpha2"],
        [ResourceKind.TcpRoute] = ["v1alpha2"],
        [ResourceKind.UdpRoute] = ["v1alpha2"],
        [ResourceKind.ReferenceGrant] = ["v1beta1", "v1alpha2"],
        [ResourceKind.BackendTlsPolicy] = ["v1alpha3", "v1alpha2"],
        [ResourceKind.ListenerSet] = [],
    };

    /// <summary>Kinds that were renamed: group, version and old name.</summary>
    private static readonly Dictionary<(string Group, string Version, string Kind), string> Renamed = new()
    {
        [(ResourceKind.GatewayApiGroup, "v1alpha2", "ReferencePolicy")] = ResourceKind.ReferenceGrant,
        [(ExperimentalGroup, "v1alpha1", "XListenerSet")] = ResourceKind.ListenerSet,
    };

    /// <summary>The stored kind that a manifest is of; null: none.</summary>
    public static string? KindOf(Manifest manifest)
    {
        if (Renamed.TryGetValue((manifest.Group, manifest.Version, manifest.Kind), out var kind))
            return kind;
        return manifest.Group == ResourceKind.GatewayApiGroup && Older.ContainsKey(manifest.Kind) ? manifest.Kind : null;
    }

    /// <summary>Says what was converted, or refuses a version that is not known.</summary>
    public static void Check(Manifest manifest, string kind, ManifestNotes notes)
    {
        if (manifest.Version == Current && manifest.Group == ResourceKind.GatewayApiGroup)
            return;
        if (manifest.Kind != kind || Older[kind].Contains(manifest.Version, StringComparer.Ordinal))
            notes.Say($"Converted from {manifest.ApiVersion} {manifest.Kind} to {ResourceKind.GatewayApiGroup}/{Current} {kind}.");
        else
            notes.Refuse($"/apiVersion: {manifest.ApiVersion} of {kind} is not known; write {string.Join(", ", Older[kind].Prepend(Current).Select(static version => $"{ResourceKind.GatewayApiGroup}/{version}"))}.");
    }
}
