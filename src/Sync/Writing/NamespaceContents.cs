using System.Text.Json.Nodes;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Writing;

/// <summary>Looks what lies in a Namespace besides objects of ours: a Namespace goes only when nothing does.</summary>
internal sealed class NamespaceContents(IKubernetesApi api)
{
    // Kinds that somebody makes, not those that controllers derive from them (ReplicaSets, Endpoints, Events, Leases).
    internal static readonly (string ApiVersion, string Kind)[] Kinds =
    [
        ("v1", "Pod"), ("v1", "Service"), ("v1", "ConfigMap"), ("v1", "Secret"), ("v1", "ServiceAccount"), ("v1", "PersistentVolumeClaim"), ("v1", "ReplicationController"),
        ("apps/v1", "Deployment"), ("apps/v1", "StatefulSet"), ("apps/v1", "DaemonSet"), ("apps/v1", "ReplicaSet"), ("batch/v1", "Job"), ("batch/v1", "CronJob"),
        ("networking.k8s.io/v1", "Ingress"), ("networking.k8s.io/v1", "NetworkPolicy"), ("rbac.authorization.k8s.io/v1", "Role"), ("rbac.authorization.k8s.io/v1", "RoleBinding"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"), ("policy/v1", "PodDisruptionBudget"),
    ];

    private static readonly string[] GatewayKinds =
        ["Gateway", "ListenerSet", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "ReferenceGrant", "BackendTLSPolicy"];

    private static readonly string[] GatewayVersions = ["v1", "v1beta1", "v1alpha3", "v1alpha2"];

    /// <summary>Says what keeps a Namespace; null: nothing.</summary>
    public async Task<string?> KeeperAsync(string ns, string owner, CancellationToken cancellationToken)
    {
        foreach (var (apiVersion, kind) in Kinds)
        {
            if (await KeeperAsync(ns, owner, await api.FindKindAsync(apiVersion, kind, cancellationToken), cancellationToken) is { } keeper)
                return keeper;
        }
        foreach (var kind in GatewayKinds)
        {
            if (await KeeperAsync(ns, owner, await FindAsync(kind, cancellationToken), cancellationToken) is { } keeper)
                return keeper;
        }
        return null;
    }

    private async Task<ApiKind?> FindAsync(string kind, CancellationToken cancellationToken)
    {
        foreach (var version in GatewayVersions)
        {
            if (await api.FindKindAsync($"gateway.networking.k8s.io/{version}", kind, cancellationToken) is { } found)
                return found;
        }
        return null;
    }

    private async Task<string?> KeeperAsync(string ns, string owner, ApiKind? kind, CancellationToken cancellationToken)
    {
        if (kind is null)
            return null;
        try
        {
            var listed = await api.ListAsync(kind, ns, null, cancellationToken);
            foreach (var json in listed.Items.Where(json => !IsBuiltIn(kind.Kind, json)))
            {
                var name = json["metadata"]?["name"]?.GetValue<string>();
                if (!ObservedObject.Of(json).IsMarked(owner))
                    return $"Namespace {ns} is kept: {kind.Kind} {name} in it is not Gatehouse's. It goes once nothing of others is left in it.";
            }
            return null;
        }
        catch (KubernetesException refused) when (refused.Status == 403)
        {
            return $"Namespace {ns} is kept: the worker may not list {kind.Plural} there, so it cannot tell whether others use it. Grant it that, or delete the Namespace by hand.";
        }
        catch (KubernetesException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    // What Kubernetes itself puts into every Namespace.
    private static bool IsBuiltIn(string kind, JsonObject json) => (kind, json["metadata"]?["name"]?.GetValue<string>()) switch
    {
        ("ConfigMap", "kube-root-ca.crt") or ("ServiceAccount", "default") => true,
        ("Secret", _) => json["type"]?.GetValue<string>() == "kubernetes.io/service-account-token" && json["metadata"]?["annotations"]?["kubernetes.io/service-account.name"]?.GetValue<string>() == "default",
        _ => false,
    };
}
