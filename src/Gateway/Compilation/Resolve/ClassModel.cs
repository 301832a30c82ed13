using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Projection;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>A GatewayClass, resolved.</summary>
internal sealed record ClassModel
{
    /// <summary>Null: another controller's class, of which we say nothing.</summary>
    public required Verdict? Accepted { get; init; }

    /// <summary>Pool that serves it: data planes, or the one that stands for a cluster.</summary>
    public required string Pool { get; init; }

    /// <summary>Whether each tenant has Gateways with addresses of their own in the cluster.</summary>
    public bool IsDedicated { get; init; }

    /// <summary>Whether the cluster issues certificates itself.</summary>
    public bool IssuesInCluster { get; init; }

    /// <summary>Whether its Gateways run in a cluster.</summary>
    public bool IsInCluster => ClusterPool.IsCluster(Pool);

    /// <summary>Ports that tenants may open, ascending.</summary>
    public required IReadOnlyList<int> TenantPorts { get; init; }

    /// <summary>Addresses and ranges that tenants may bind.</summary>
    public required IReadOnlyList<string> TenantAddresses { get; init; }

    public bool IsServed => Accepted is { IsTrue: true };

    public bool IsSame(ClassModel? other) =>
        other is not null && Equals(Accepted, other.Accepted) && Pool == other.Pool && IsDedicated == other.IsDedicated && IssuesInCluster == other.IssuesInCluster
        && TenantPorts.SequenceEqual(other.TenantPorts) && TenantAddresses.SequenceEqual(other.TenantAddresses);
}
