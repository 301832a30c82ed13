using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Persistence;

/// <summary>The settings that row-level security looks at; all of them end with the transaction, so a pooled connection carries none over.</summary>
internal static class TenantSetting
{
    /// <summary>Makes one tenant's rows visible.</summary>
    public static async Task ApplyAsync(GatehouseDbContext db, Guid tenantId, CancellationToken cancellationToken)
    {
        await SetAsync(db, "app.tenant_id", tenantId.ToString(), cancellationToken);
        db.TenantId = tenantId;
    }

    /// <summary>Sets one setting for the rest of the transaction.</summary>
    public static Task SetAsync(GatehouseDbContext db, string name, string value, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT set_config({name}, {value}, true)", cancellationToken);
}
