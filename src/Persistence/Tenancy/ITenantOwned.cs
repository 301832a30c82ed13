namespace Gatehouse.Persistence.Tenancy;

/// <summary>A row that belongs to one tenant. Its table has all three walls: the query filter, row-level security and composite keys.</summary>
public interface ITenantOwned
{
    /// <summary>The tenant; first part of the primary key.</summary>
    Guid TenantId { get; }
}
