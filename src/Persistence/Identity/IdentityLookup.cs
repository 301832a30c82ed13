using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Persistence.Identity;

/// <summary>
/// The three questions that must be answered before a tenant is known. Row-level security has a policy for each of them that shows
/// the rows of the presented hash, or of the signed-in user, and no others.
/// </summary>
public sealed class IdentityLookup(GatehouseDbContext db)
{
    /// <summary>The API token with this SHA-256, its tenant, and its issuer's membership (null for tokens of Gatehouse itself).</summary>
    public async Task<TokenIdentity?> FindTokenAsync(byte[] tokenHash, CancellationToken cancellationToken = default)
    {
        await using var transaction = await ScopedTransaction.BeginAsync(db, ScopedTransaction.TokenHash, Convert.ToHexStringLower(tokenHash), cancellationToken);
        var token = await db.ApiTokens.IgnoreQueryFilters([GatehouseDbContext.TenantFilter]).AsNoTracking()
            .FirstOrDefaultAsync(candidate => candidate.TokenHash == tokenHash, cancellationToken);
        if (token is null)
            return null;
        await ScopedTransaction.SetAsync(db, ScopedTransaction.Tenant, token.TenantId.ToString(), cancellationToken);
        return await db.Tenants.AsNoTracking().Where(tenant => tenant.Id == token.TenantId)
            .Select(tenant => new TokenIdentity(
                token,
                tenant,
                db.Memberships.IgnoreQueryFilters(new[] { GatehouseDbContext.TenantFilter })
                    .Include(membership => membership.User)
                    .FirstOrDefault(membership => membership.TenantId == token.TenantId && membership.UserId == token.IssuerId)))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>A user's memberships in all tenants.</summary>
    public async Task<IReadOnlyList<TenantMembership>> MembershipsOfAsync(Guid userId, CancellationToken cancellationToken = default)
    {
        await using var transaction = await ScopedTransaction.BeginAsync(db, ScopedTransaction.User, userId.ToString(), cancellationToken);
        return await db.Memberships.IgnoreQueryFilters([GatehouseDbContext.TenantFilter]).AsNoTracking()
            .Where(membership => membership.UserId == userId)
            .Join(db.Tenants, membership => membership.TenantId, tenant => tenant.Id, (membership, tenant) => new TenantMembership(tenant, membership.Role))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The session with this SHA-256, with its user; expired ones too.</summary>
    public Task<Session?> FindSessionAsync(byte[] tokenHash, CancellationToken cancellationToken = default) =>
        db.Sessions.AsNoTracking().Include(session => session.User).FirstOrDefaultAsync(session => session.TokenHash == tokenHash, cancellationToken);
}

/// <summary>Whom a token speaks for.</summary>
/// <param name="Token">The token.</param>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Issuer">Membership of the user who issued it, with the user; null: issued by Gatehouse itself.</param>
public sealed record TokenIdentity(ApiToken Token, Tenant Tenant, Membership? Issuer)
{
    /// <summary>The role that counts: a token never exceeds its issuer.</summary>
    public string EffectiveRole => Issuer is null ? Token.Role : Role.Lower(Token.Role, Issuer.Role);
}

/// <summary>A user's role in a tenant.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Role">One of <see cref="Identity.Role"/>.</param>
public sealed record TenantMembership(Tenant Tenant, string Role);
