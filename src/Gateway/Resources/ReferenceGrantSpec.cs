namespace Gatehouse.Gateway.Resources;

/// <summary>ReferenceGrant spec: every <see cref="From"/> may reference every <see cref="To"/> of the grant's own tenant (https://gateway-api.sigs.k8s.io/reference/spec/#referencegrantspec).</summary>
public sealed record ReferenceGrantSpec
{
    /// <summary>1–16.</summary>
    public required IReadOnlyList<ReferenceGrantFrom> From { get; init; }

    /// <summary>1–16.</summary>
    public required IReadOnlyList<ReferenceGrantTo> To { get; init; }
}

/// <summary>Who may reference.</summary>
/// <param name="Group">API group.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Namespace">Tenant.</param>
public sealed record ReferenceGrantFrom(string Group, string Kind, string Namespace);

/// <summary>What may be referenced.</summary>
/// <param name="Group">API group.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Absent: all of that kind.</param>
public sealed record ReferenceGrantTo(string Group, string Kind, string? Name = null);
