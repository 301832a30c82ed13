using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Resources;

namespace Gatehouse.Api.Clusters;

/// <summary>Says in a Cluster's status how its worker gets in: there is always exactly one way, so the spec tells.</summary>
internal static class ClusterCredentials
{
    /// <summary>The status with it; that of other kinds as it is.</summary>
    public static ObjectStatus Show(ResourceEntity entity, ObjectStatus status)
    {
        if (status.Cluster is not { } cluster || entity.ReadSpec() is not ClusterSpec spec)
            return status;
        var way = spec.InCluster == true ? "inCluster" : spec.KubeconfigFiles is not null ? "kubeconfigFiles" : ClusterInput.SecretField;
        return status with { Cluster = cluster with { Credentials = way, KubeconfigStored = way == ClusterInput.SecretField } };
    }
}
