using Gatehouse.Gateway.Compilation.Conditions;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>A GatewayClass, resolved.</summary>
internal sealed record ClassModel
{
    /// <summary>Null: another controller's class, of which we say nothing.</summary>
    public required Verdict? Accepted { get; init; }

    /// <summary>Pool of data planes that serves it.</summary>
    public required string Pool { get; init; }

    /// <summary>Ports that tenants may open, ascending.</summary>
    public required IReadOnlyList<int> TenantPorts { get; init; }

    /// <summary>Addresses and ranges that tenants may bind.</summary>
    public required IReadOnlyList<string> TenantAddresses { get; init; }

    public bool IsServed => Accepted is { IsTrue: true };

    public bool IsSame(ClassModel? other) =>
        other is not null && Equals(Accepted, other.Accepted) && Pool == other.Pool
        && TenantPorts.SequenceEqual(other.TenantPorts) && TenantAddresses.SequenceEqual(other.TenantAddresses);
}
