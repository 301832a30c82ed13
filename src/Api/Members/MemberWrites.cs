using Gatehouse.Api.Access;
using Gatehouse.Api.Auth;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Preconditions;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Members;

/// <summary>Adds, changes and removes members. Nobody gives, changes or takes a role above their own, and the last owner stays.</summary>
internal sealed class MemberWrites(Writes.Writes writes, RequestAccess access)
{
    /// <summary>PUT: adds or changes.</summary>
    public Task<Result<Written<MemberView>>> PutAsync(HttpContext context, string name, string role) =>
        writes.RunAsync<Written<MemberView>>(context, access.Tenant.Id, async (transaction, cancellationToken) =>
        {
            if (await FindUserAsync(transaction.Db, name, cancellationToken) is not { } user)
                return MemberErrors.UnknownUser;
            var member = await LockAsync(transaction.Db, user.Id, cancellationToken);
            if (EntityTags.Check(context.Request, member?.ETag()) is { } stale)
                return stale;
            return member is null
                ? await AddAsync(transaction, user, role, cancellationToken)
                : await ChangeAsync(transaction, member, user, role, cancellationToken);
        });

    /// <summary>POST: adds.</summary>
    public async Task<Result<Written<MemberView>>> CreateAsync(WriteTransaction transaction, string name, string role, CancellationToken cancellationToken)
    {
        if (await FindUserAsync(transaction.Db, name, cancellationToken) is not { } user)
            return MemberErrors.UnknownUser;
        if (await LockAsync(transaction.Db, user.Id, cancellationToken) is not null)
            return new AlreadyExistsError(name);
        return await AddAsync(transaction, user, role, cancellationToken);
    }

    /// <summary>DELETE: removes; the tokens that the member issued end with it.</summary>
    public Task<Result<Membership>> DeleteAsync(HttpContext context, string name) =>
        writes.RunAsync<Membership>(context, access.Tenant.Id, async (transaction, cancellationToken) =>
        {
            if (await FindUserAsync(transaction.Db, name, cancellationToken) is not { } user
                || await LockAsync(transaction.Db, user.Id, cancellationToken) is not { } member)
            {
                return new NotFoundError();
            }
            if (EntityTags.Check(context.Request, member.ETag()) is { } stale)
                return stale;
            if (!access.HasRole(member.Role))
                return MemberErrors.AboveCaller;
            if (await IsLastOwnerAsync(transaction.Db, member, cancellationToken))
                return MemberErrors.LastOwner;
            transaction.Db.Memberships.Remove(member);
            return member;
        });

    /// <summary>Whether the tenant would be without owner; its owners stay as they are until the transaction ends.</summary>
    public static async Task<bool> IsLastOwnerAsync(GatehouseDbContext db, Membership member, CancellationToken cancellationToken)
    {
        if (member.Role != Role.Owner)
            return false;
        var owners = await db.Memberships
            .FromSql($"SELECT *, xmin FROM memberships WHERE tenant_id = {db.TenantId} AND role = {Role.Owner} ORDER BY user_id FOR UPDATE")
            .ToListAsync(cancellationToken);
        return owners.TrueForAll(owner => owner.UserId == member.UserId);
    }

    /// <summary>The user with this email address or id.</summary>
    public static Task<User?> FindUserAsync(GatehouseDbContext db, string name, CancellationToken cancellationToken)
    {
        var normalized = UserNames.Normalize(name);
        return Guid.TryParse(name, out var id)
            ? db.Users.AsNoTracking().FirstOrDefaultAsync(user => user.Id == id, cancellationToken)
            : db.Users.AsNoTracking().FirstOrDefaultAsync(user => user.NormalizedUserName == normalized, cancellationToken);
    }

    private async Task<Result<Written<MemberView>>> AddAsync(WriteTransaction transaction, User user, string role, CancellationToken cancellationToken)
    {
        if (!access.HasRole(role))
            return MemberErrors.AboveCaller;
        var member = new Membership { TenantId = transaction.TenantId, UserId = user.Id, Role = role, CreatedAt = transaction.Now };
        transaction.Db.Memberships.Add(member);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        return Answer(member, user, created: true);
    }

    private async Task<Result<Written<MemberView>>> ChangeAsync(
        WriteTransaction transaction, Membership member, User user, string role, CancellationToken cancellationToken)
    {
        if (!access.HasRole(role) || !access.HasRole(member.Role))
            return MemberErrors.AboveCaller;
        if (role != member.Role && await IsLastOwnerAsync(transaction.Db, member, cancellationToken))
            return MemberErrors.LastOwner;
        member.Role = role;
        await transaction.Db.SaveChangesAsync(cancellationToken);
        return Answer(member, user, created: false);
    }

    private Written<MemberView> Answer(Membership member, User user, bool created)
    {
        var view = member.ToDocument(user, access.Tenant.Name);
        return new Written<MemberView>(view, created, $"{ApiEndpoints.Base}/tenants/{access.Tenant.Name}/members/{Uri.EscapeDataString(view.Name)}", member.ETag());
    }

    private static Task<Membership?> LockAsync(GatehouseDbContext db, Guid userId, CancellationToken cancellationToken) =>
        db.Memberships
            .FromSql($"SELECT *, xmin FROM memberships WHERE tenant_id = {db.TenantId} AND user_id = {userId} FOR UPDATE")
            .FirstOrDefaultAsync(cancellationToken);
}
