using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Issuance.Certificates;

/// <summary>Keeps a process that another one took over from out of tenants' transactions.</summary>
internal static class LeaseFence
{
    /// <summary>Holds the row until the transaction ends.</summary>
    /// <exception cref="LeaseLostException">Another process has the row in hand by now.</exception>
    public static async Task HoldAsync(WriteTransaction transaction, IssuanceState state, CancellationToken cancellationToken)
    {
        var held = await transaction.Db.Database.SqlQuery<long>(
            $"SELECT epoch AS \"Value\" FROM certificate_issuances WHERE tenant_id = {state.Row.TenantId} AND hostname_id = {state.Row.HostnameId} FOR UPDATE").ToListAsync(cancellationToken);
        if (held.Count == 0 || held[0] != state.Epoch)
            throw new LeaseLostException();
    }
}
