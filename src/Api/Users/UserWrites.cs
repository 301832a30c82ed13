using Gatehouse.Api.Access;
using Gatehouse.Api.Auth;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Members;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Users;

/// <summary>Creates, changes and deletes users. Their audit events lie in the tenant <c>platform</c>.</summary>
internal sealed class UserWrites(Writes.Writes writes, RequestAccess access, GatehouseDbContext db, IdentityLookup lookup, IPasswordHasher<User> hasher)
{
    /// <summary>POST: creates.</summary>
    public async Task<Result<Written<UserView>>> CreateAsync(WriteTransaction transaction, UserDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Name is not { Length: > 0 } name)
            return NameErrors.Missing;
        if (!UserNames.IsValid(name))
            return new InvalidError("/name", "invalid_format", "Write an email address in ASCII.");
        var normalized = UserNames.Normalize(name);
        if (await transaction.Db.Users.AnyAsync(candidate => candidate.NormalizedUserName == normalized, cancellationToken))
            return new AlreadyExistsError(name);
        var user = new User { UserName = name, NormalizedUserName = normalized, Email = name, NormalizedEmail = normalized, CreatedAt = transaction.Now };
        transaction.Db.Users.Add(user);
        Apply(user, draft);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        if (draft.PlatformAdmin == true)
            transaction.Db.Memberships.Add(new Membership { TenantId = transaction.TenantId, UserId = user.Id, Role = Role.Admin, CreatedAt = transaction.Now });
        await transaction.Db.SaveChangesAsync(cancellationToken);
        return new Written<UserView>(user.ToDocument(draft.PlatformAdmin == true), true, UserMapping.PathOf(user), null);
    }

    /// <summary>PATCH: changes.</summary>
    public Task<Result<UserView>> ChangeAsync(HttpContext context, string name, UserDraft draft) =>
        writes.RunAsync<UserView>(context, access.Platform.Id, async (transaction, cancellationToken) =>
        {
            if (await FindAsync(transaction.Db, name, cancellationToken) is not { } user)
                return new NotFoundError();
            if (draft.Name is not null && !draft.Name.Equals(user.UserName, StringComparison.OrdinalIgnoreCase))
                return NameErrors.Mismatch;
            if (user.Id == access.Caller.User?.Id && (draft.Disabled == true || draft.PlatformAdmin == false))
                return UserErrors.Oneself;
            Apply(user, draft);
            var role = await ApplyPlatformRoleAsync(transaction, user, draft.PlatformAdmin, cancellationToken);
            if (!role.TryGet(out var admin, out var error))
                return error;
            await transaction.Db.SaveChangesAsync(cancellationToken);
            if (draft.Disabled == true || draft.Password is not null)
                await transaction.Db.Sessions.Where(session => session.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
            return user.ToDocument(admin);
        });

    /// <summary>DELETE: the user leaves all tenants, and the tokens that the user issued end.</summary>
    public async Task<Result<User>> DeleteAsync(HttpContext context, string name)
    {
        var memberships = await MembershipsOfAsync(context, name);
        return await writes.RunAsync<User>(context, access.Platform.Id, async (transaction, cancellationToken) =>
        {
            if (await FindAsync(transaction.Db, name, cancellationToken) is not { } user)
                return new NotFoundError();
            if (user.Id == access.Caller.User?.Id)
                return UserErrors.Oneself;
            var orphans = await LeaveAsync(transaction, user.Id, memberships, cancellationToken);
            if (orphans.Count > 0)
                return new LastOwnerOfError(orphans);
            await transaction.SwitchTenantAsync(access.Platform.Id, cancellationToken);
            transaction.Db.Users.Remove(user);
            await transaction.Db.SaveChangesAsync(cancellationToken);
            return user;
        });
    }

    private async Task<IReadOnlyList<TenantMembership>> MembershipsOfAsync(HttpContext context, string name) =>
        await MemberWrites.FindUserAsync(db, name, context.RequestAborted) is { } user ? await lookup.MembershipsOfAsync(user.Id, context.RequestAborted) : [];

    /// <summary>Removes the memberships, each in its tenant; answers with the tenants that would be without owner.</summary>
    private static async Task<IReadOnlyList<string>> LeaveAsync(
        WriteTransaction transaction, Guid userId, IReadOnlyList<TenantMembership> memberships, CancellationToken cancellationToken)
    {
        var orphans = new List<string>();
        foreach (var membership in memberships)
        {
            await transaction.SwitchTenantAsync(membership.Tenant.Id, cancellationToken);
            var row = await transaction.Db.Memberships.FirstOrDefaultAsync(candidate => candidate.UserId == userId, cancellationToken);
            if (row is null)
                continue;
            if (await MemberWrites.IsLastOwnerAsync(transaction.Db, row, cancellationToken))
                orphans.Add(membership.Tenant.Name);
            else
                transaction.Db.Memberships.Remove(row);
        }
        return orphans;
    }

    private void Apply(User user, UserDraft draft)
    {
        user.DisplayName = draft.DisplayName ?? user.DisplayName;
        user.Disabled = draft.Disabled ?? user.Disabled;
        if (draft.Password is null)
            return;
        user.PasswordHash = hasher.HashPassword(user, draft.Password);
        (user.AccessFailedCount, user.LockoutEnd) = (0, null);
    }

    private static async Task<Result<bool>> ApplyPlatformRoleAsync(WriteTransaction transaction, User user, bool? wanted, CancellationToken cancellationToken)
    {
        var row = await transaction.Db.Memberships.FirstOrDefaultAsync(member => member.UserId == user.Id, cancellationToken);
        var present = row is not null && Role.Rank(row.Role) >= Role.Rank(Role.Admin);
        if (wanted is null || wanted == present)
            return present;
        if (wanted == true)
        {
            if (row is null)
                transaction.Db.Memberships.Add(new Membership { TenantId = transaction.TenantId, UserId = user.Id, Role = Role.Admin, CreatedAt = transaction.Now });
            else
                row.Role = Role.Admin;
            return true;
        }
        if (await MemberWrites.IsLastOwnerAsync(transaction.Db, row!, cancellationToken))
            return MemberErrors.LastOwner;
        transaction.Db.Memberships.Remove(row!);
        return false;
    }

    private static async Task<User?> FindAsync(GatehouseDbContext db, string name, CancellationToken cancellationToken)
    {
        var normalized = UserNames.Normalize(name);
        var id = Guid.TryParse(name, out var parsed) ? parsed : Guid.Empty;
        return await db.Users.FirstOrDefaultAsync(user => user.Id == id || user.NormalizedUserName == normalized, cancellationToken);
    }
}
