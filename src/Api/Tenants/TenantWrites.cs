using System.Text.Json;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Clusters;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Preconditions;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Tenants;

/// <summary>Creates, changes and deletes tenants.</summary>
internal sealed class TenantWrites(Writes.Writes writes, RequestAccess access)
{
    private const int ListedObjects = 100;

    /// <summary>PUT: creates or replaces.</summary>
    public Task<Result<Written<Tenant>>> PutAsync(HttpContext context, string name, TenantDraft draft)
    {
        if (draft.Name is not null && draft.Name != name)
            return Task.FromResult<Result<Written<Tenant>>>(NameErrors.Mismatch);
        return access.TenantOrNull is { } tenant ? ChangeAsync(context, tenant.Id, _ => draft) : CreateAsync(context, name, draft);
    }

    /// <summary>PATCH: changes by a JSON merge patch.</summary>
    public Task<Result<Written<Tenant>>> PatchAsync(HttpContext context, JsonElement patch) =>
        ChangeAsync(context, access.Tenant.Id, tenant => TenantDraft.Read(MergePatchDocument.Apply(tenant.ToPatchTarget(), patch)));

    /// <summary>Creates a tenant; its creator, if a person, becomes its owner.</summary>
    public async Task<Result<Written<Tenant>>> CreateAsync(
        WriteTransaction transaction, string? name, TenantDraft draft, CancellationToken cancellationToken)
    {
        if (name is not { Length: > 0 })
            return NameErrors.Missing;
        if (ObjectNames.ValidateTenantName(name) is { Count: > 0 } wrong)
            return new InvalidError([.. wrong.Select(error => new FieldError(error.Pointer, error.Code, error.Message))]);
        if (await transaction.Db.Tenants.AnyAsync(tenant => tenant.Name == name, cancellationToken))
            return new AlreadyExistsError(name);
        var created = new Tenant
        {
            Name = name,
            DisplayName = draft.DisplayName,
            Labels = draft.Labels ?? new Dictionary<string, string>(),
            CreatedAt = transaction.Now,
            UpdatedAt = transaction.Now,
        };
        transaction.Db.Tenants.Add(created);
        if (access.Caller is { Token: null, User: { } user })
        {
            await transaction.SwitchTenantAsync(created.Id, cancellationToken);
            transaction.Db.Memberships.Add(new Membership { TenantId = created.Id, UserId = user.Id, Role = Role.Owner, CreatedAt = transaction.Now });
        }
        await transaction.Db.SaveChangesAsync(cancellationToken);
        return new Written<Tenant>(created, true, TenantMapping.PathOf(name), created.ETag());
    }

    /// <summary>DELETE: only an empty tenant, or everything in it with <c>?cascade=true</c>.</summary>
    public Task<Result<Written<Tenant>>> DeleteAsync(HttpContext context) =>
        writes.RunAsync<Written<Tenant>>(context, access.Tenant.Id, async (transaction, cancellationToken) =>
        {
            var tenant = await LockAsync(transaction.Db, access.Tenant.Id, cancellationToken);
            if (tenant is null)
                return new NotFoundError();
            if (tenant.Name == ResourceKind.PlatformTenant)
                return TenantErrors.Reserved;
            if (EntityTags.Check(context.Request, tenant.ETag()) is { } stale)
                return stale;
            if (!QueryFlag.TryRead(context.Request, "cascade", out var cascade, out var invalid))
                return invalid;
            var count = await transaction.Db.Resources.LongCountAsync(cancellationToken);
            if (count > 0 && !cascade)
                return await NotEmptyAsync(transaction.Db, tenant.Name, count, cancellationToken);
            await transaction.Db.HostnameClaims.ExecuteDeleteAsync(cancellationToken);
            await transaction.SwitchTenantAsync(access.Platform.Id, cancellationToken);

            // The next tenant of this name must not find itself in this one's Namespaces.
            transaction.Db.Resources.RemoveRange(await ClusterNamespaceQueries.OfTenant(transaction.Db, tenant.Name).ToListAsync(cancellationToken));
            transaction.Db.Tenants.Remove(tenant);
            await transaction.Db.SaveChangesAsync(cancellationToken);
            return new Written<Tenant>(tenant, false, TenantMapping.PathOf(tenant.Name), null);
        });

    /// <summary>A new tenant's creation is the platform's business: until then there is no tenant whose audit log could tell it.</summary>
    private Task<Result<Written<Tenant>>> CreateAsync(HttpContext context, string name, TenantDraft draft) =>
        writes.RunAsync(context, access.Platform.Id, (transaction, cancellationToken) =>
            EntityTags.Check(context.Request, null) is { } stale
                ? Task.FromResult<Result<Written<Tenant>>>(stale)
                : CreateAsync(transaction, name, draft, cancellationToken));

    private Task<Result<Written<Tenant>>> ChangeAsync(HttpContext context, Guid id, Func<Tenant, Result<TenantDraft>> read) =>
        writes.RunAsync<Written<Tenant>>(context, id, async (transaction, cancellationToken) =>
        {
            var tenant = await LockAsync(transaction.Db, id, cancellationToken);
            if (tenant is null)
                return new NotFoundError();
            if (EntityTags.Check(context.Request, tenant.ETag()) is { } stale)
                return stale;
            if (!read(tenant).TryGet(out var draft, out var error))
                return error;
            if (draft.Name is not null && draft.Name != tenant.Name)
                return NameErrors.Mismatch;
            var labels = draft.Labels ?? tenant.Labels;
            var labelsChanged = !StringMaps.Same(labels, tenant.Labels);
            if (labelsChanged && !access.Caller.PlatformAdmin)
                return TenantErrors.LabelsAreThePlatforms;
            if (labelsChanged || draft.DisplayName != tenant.DisplayName)
                (tenant.Labels, tenant.DisplayName, tenant.UpdatedAt) = (labels, draft.DisplayName, transaction.Now);
            await transaction.Db.SaveChangesAsync(cancellationToken);
            return new Written<Tenant>(tenant, false, TenantMapping.PathOf(tenant.Name), tenant.ETag());
        });

    private static async Task<Result<Written<Tenant>>> NotEmptyAsync(
        GatehouseDbContext db, string tenant, long count, CancellationToken cancellationToken)
    {
        var objects = await db.Resources.OrderBy(resource => resource.Kind).ThenBy(resource => resource.Name).Take(ListedObjects)
            .Select(resource => new ObjectReference(resource.Kind, tenant, resource.Name)).ToListAsync(cancellationToken);
        return new TenantNotEmptyError(objects, count);
    }

    private static Task<Tenant?> LockAsync(GatehouseDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Tenants.FromSql($"SELECT *, xmin FROM tenants WHERE id = {id} FOR UPDATE").FirstOrDefaultAsync(cancellationToken);
}
