namespace Gatehouse.Gateway.Resources;

/// <summary>A stored object as the compiler sees it: identity, age and generation besides its spec.</summary>
public abstract record Resource
{
    /// <summary>Identity.</summary>
    public required ResourceKey Key { get; init; }

    /// <summary>Stable identity; a re-created object gets a new one.</summary>
    public Guid Id { get; init; }

    /// <summary>Grows only when the spec changes; starts at 1.</summary>
    public long Generation { get; init; } = 1;

    /// <summary>Creation time; survives replacement. Older objects win ties.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Whether a platform admin placed it (an import over all tenants): what a GatewayClass's <c>tenantGateways</c> allows bounds
    /// what tenants open themselves, not this.
    /// </summary>
    public bool PlacedByPlatform { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyMap;

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyMap;

    private static readonly IReadOnlyDictionary<string, string> EmptyMap = new Dictionary<string, string>();
}

/// <summary>A stored object with its typed spec.</summary>
/// <typeparam name="TSpec">Spec record of the kind.</typeparam>
public sealed record Resource<TSpec> : Resource
    where TSpec : class
{
    /// <summary>The spec as it was written; defaults are not filled in.</summary>
    public required TSpec Spec { get; init; }
}

/// <summary>A tenant as the compiler sees it: its name is the Gateway API namespace, its labels answer selectors.</summary>
/// <param name="Name">Tenant name.</param>
/// <param name="Labels">Labels; only platform admins set them.</param>
public sealed record TenantInfo(string Name, IReadOnlyDictionary<string, string> Labels);
