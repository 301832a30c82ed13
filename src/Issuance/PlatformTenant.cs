using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Issuance;

/// <summary>The tenant that owns what is shared.</summary>
internal static class PlatformTenant
{
    /// <summary>Its id; null: the first start is not over yet.</summary>
    public static async Task<Guid?> FindAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        await services.GetRequiredService<GatehouseDbContext>().Tenants
            .Where(tenant => tenant.Name == ResourceKind.PlatformTenant).Select(tenant => (Guid?)tenant.Id).FirstOrDefaultAsync(cancellationToken);
}
