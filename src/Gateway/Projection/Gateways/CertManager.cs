using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Gateways;

/// <summary>
/// What cert-manager is told. It issues for every listener of an annotated Gateway or ListenerSet that has a hostname, ends TLS and names a Secret
/// of its own Namespace, and fills that Secret (https://cert-manager.io/docs/usage/gateway/#supported-annotations).
/// </summary>
internal static class CertManager
{
    private const string Domain = "cert-manager.io";
    private const string Cluster = "ClusterIssuer";
    private const string Namespaced = "Issuer";

    /// <summary>Whether a source has a listener at a Gateway that cert-manager issues for.</summary>
    public static bool Issues(GatewayPlan plan, ResolvedSource source) =>
        source.Listeners.Any(listener => listener.Model.Gateway.Key == plan.Gateway.Key && listener.Serves && listener.Model.IsIssuedInCluster);

    /// <summary>Whether cert-manager, looking at a listener's parent, would issue into the Secret of one of its own certificates.</summary>
    public static bool WritesOver(ResolvedListener listener, string parent, ProjectionRun run) =>
        listener.Model is { Terminates: true, IsIssuedInCluster: false, Spec.Hostname.Length: > 0 }
        && listener.Model.Certificates.Any(certificate => run.Namespaces.Of(certificate.Tenant) == parent);

    /// <summary>The Secret that it fills for a hostname, beside the listener's parent.</summary>
    public static JsonObject SecretReference(string hostname) =>
        new() { ["group"] = "", ["kind"] = ResourceKind.Secret, ["name"] = ProjectedNames.IssuedSecretOf(hostname) };

    /// <summary>Annotations, and those that name the issuer; null: cert-manager is not asked.</summary>
    public static IReadOnlyDictionary<string, string> Annotate(IReadOnlyDictionary<string, string> annotations, CertManagerIssuer? issuer)
    {
        if (issuer is null)
            return annotations;
        var all = new Dictionary<string, string>(annotations, StringComparer.Ordinal);
        if (issuer is { Group: null, Kind: null or Cluster })
        {
            all[$"{Domain}/cluster-issuer"] = issuer.Issuer;
            return all;
        }
        all[$"{Domain}/issuer"] = issuer.Issuer;
        if (issuer is { Group: null, Kind: Namespaced })
            return all;
        all[$"{Domain}/issuer-kind"] = issuer.Kind!;
        if (issuer.Group is { } group)
            all[$"{Domain}/issuer-group"] = group;
        return all;
    }
}
