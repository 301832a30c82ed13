namespace Gatehouse.Issuance.Authorities;

/// <summary>Whether one more order fits, of what was ordered within the last hour.</summary>
/// <param name="Limits">Most orders of all tenants, and of one.</param>
internal sealed record BudgetRule(OrderBudgetOptions Limits)
{
    /// <summary>What stands in the way.</summary>
    internal enum Obstacle
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>The tenant has had its share.</summary>
        Tenant,

        /// <summary>All tenants together have had what there is.</summary>
        All,
    }

    /// <summary>
    /// Decides. A fifth is kept for renewals. A new name gets a place only while its tenant has used less than is left for everybody: tenants that
    /// take turns end with equal shares, and one such share stays free for who comes anew.
    /// </summary>
    /// <param name="used">Orders of all tenants.</param>
    /// <param name="own">Orders of the tenant among them.</param>
    /// <param name="isRenewal">Whether there is a certificate already.</param>
    /// <returns>What stands in the way, and how many orders must be over an hour old for that to change.</returns>
    public (Obstacle Obstacle, int Excess) Decide(int used, int own, bool isRenewal)
    {
        var all = isRenewal ? Limits.OrdersPerHour : WithoutReserve(Limits.OrdersPerHour);
        var tenant = isRenewal ? Limits.OrdersPerTenantPerHour : WithoutReserve(Limits.OrdersPerTenantPerHour);
        if (own >= tenant)
            return (Obstacle.Tenant, own - tenant + 1);
        if (used >= all)
            return (Obstacle.All, used - all + 1);
        return isRenewal || own == 0 || own < all - used ? (Obstacle.None, 0) : (Obstacle.Tenant, 1);
    }

    private static int WithoutReserve(int limit) => limit - limit / 5;
}
