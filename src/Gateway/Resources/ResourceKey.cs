namespace Gatehouse.Gateway.Resources;

/// <summary>Identity of a stored object: kind, tenant and name. Ordered by tenant, name, kind (ordinal).</summary>
/// <param name="Kind">One of <see cref="ResourceKind"/>.</param>
/// <param name="Tenant">Name of the tenant, which is also the Gateway API namespace.</param>
/// <param name="Name">Object name, unique in (tenant, kind).</param>
public readonly record struct ResourceKey(string Kind, string Tenant, string Name) : IComparable<ResourceKey>
{
    /// <inheritdoc />
    public int CompareTo(ResourceKey other)
    {
        var byTenant = string.CompareOrdinal(Tenant, other.Tenant);
        if (byTenant != 0)
            return byTenant;
        var byName = string.CompareOrdinal(Name, other.Name);
        return byName != 0 ? byName : string.CompareOrdinal(Kind, other.Kind);
    }

    /// <summary><c>Kind/tenant/name</c>.</summary>
    public override string ToString() => $"{Kind}/{Tenant}/{Name}";
}
