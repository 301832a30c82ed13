using System.Text.Json;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Certificates;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Preconditions;
using Gatehouse.Api.Writes;
using Gatehouse.Gateway.Validation;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;

namespace Gatehouse.Api.Resources;

/// <summary>Creates, replaces, patches and deletes objects of any kind.</summary>
internal sealed class ResourceWrites(Writes.Writes writes, RequestAccess access, IEnumerable<IKindRules> rules, Referrers referrers)
{
    /// <summary>PUT: creates or replaces.</summary>
    public Task<Result<Written<ResourceEntity>>> PutAsync(HttpContext context, ResourceType type, string name, ObjectDraft draft) =>
        RunAsync(context, async (transaction, cancellationToken) =>
        {
            var current = await transaction.Db.LockAsync(type.Kind, name, cancellationToken);
            if (EntityTags.Check(context.Request, current?.ETag()) is { } stale)
                return stale;
            if (draft.Name is not null && draft.Name != name)
                return NameErrors.Mismatch;
            return await SaveAsync(transaction, type, name, draft, current, context.Request, cancellationToken);
        });

    /// <summary>POST: creates.</summary>
    public Task<Result<Written<ResourceEntity>>> CreateAsync(
        WriteTransaction transaction, ResourceType type, ObjectDraft draft, HttpRequest request, CancellationToken cancellationToken) =>
        CreateCoreAsync(transaction, type, draft, request, cancellationToken);

    /// <summary>PATCH: changes what is there by a JSON merge patch.</summary>
    public Task<Result<Written<ResourceEntity>>> PatchAsync(HttpContext context, ResourceType type, string name, JsonElement patch) =>
        RunAsync(context, async (transaction, cancellationToken) =>
        {
            var current = await transaction.Db.LockAsync(type.Kind, name, cancellationToken);
            if (current is null)
                return new NotFoundError();
            if (EntityTags.Check(context.Request, current.ETag()) is { } stale)
                return stale;
            var merged = ObjectDraft.Read(type.Kind, MergePatchDocument.Apply(CertificateUpload.PatchTarget(current.ToPatchTarget(), patch), patch));
            if (!merged.TryGet(out var draft, out var error))
                return error;
            if (draft.Name != name)
                return NameErrors.Mismatch;
            return await SaveAsync(transaction, type, name, draft, current, context.Request, cancellationToken);
        });

    /// <summary>DELETE; answers with the row as it was.</summary>
    public Task<Result<Written<ResourceEntity>>> DeleteAsync(HttpContext context, ResourceType type, string name) =>
        RunAsync(context, async (transaction, cancellationToken) =>
        {
            var current = await transaction.Db.LockAsync(type.Kind, name, cancellationToken);
            if (current is null)
                return new NotFoundError();
            if (EntityTags.Check(context.Request, current.ETag()) is { } stale)
                return stale;
            if (!QueryFlag.TryRead(context.Request, "cascade", out var cascade, out var invalid))
                return invalid;
            var dependents = await referrers.OfAsync(transaction, current, cancellationToken);
            if (dependents.Count > 0 && !(cascade && Referrers.CanCascade(type.Kind)))
                return new ReferencedError([.. dependents.Select(dependent => dependent.Reference)], Referrers.CanCascade(type.Kind));
            foreach (var entity in dependents.Select(dependent => dependent.Entity).OfType<ResourceEntity>().Append(current))
            {
                if (await RemoveAsync(transaction, entity, context.Request, cancellationToken) is { } error)
                    return error;
            }
            await transaction.Db.SaveChangesAsync(cancellationToken);
            return new Written<ResourceEntity>(current, false, type.PathOf(access.Tenant.Name, name), null);
        });

    private Task<Result<Written<ResourceEntity>>> RunAsync(
        HttpContext context, Func<WriteTransaction, CancellationToken, Task<Result<Written<ResourceEntity>>>> work) =>
        writes.RunAsync(context, access.Tenant.Id, work);

    private async Task<Result<Written<ResourceEntity>>> CreateCoreAsync(
        WriteTransaction transaction, ResourceType type, ObjectDraft draft, HttpRequest request, CancellationToken cancellationToken)
    {
        if (draft.Name is not { Length: > 0 } name)
            return NameErrors.Missing;
        if (await transaction.Db.FindAsync(type.Kind, name, cancellationToken) is not null)
            return new AlreadyExistsError(name);
        return await SaveAsync(transaction, type, name, draft, null, request, cancellationToken);
    }

    private async Task<Result<Written<ResourceEntity>>> SaveAsync(
        WriteTransaction transaction, ResourceType type, string name, ObjectDraft draft, ResourceEntity? current, HttpRequest request, CancellationToken cancellationToken)
    {
        if (current is null && ObjectNames.ValidateName(type.Kind, name) is { Count: > 0 } wrong)
            return new InvalidError([.. wrong.Select(error => new Contracts.Api.FieldError(error.Pointer, error.Code, error.Message))]);
        if (SpecValidator.CheckName(name, draft.Spec) is { Count: > 0 } unfit)
            return new InvalidError([.. unfit.Select(error => new Contracts.Api.FieldError("/spec" + error.Pointer, error.Code, error.Message))]);
        var previous = current?.ReadSpec();
        var entity = current is null ? Add(transaction, type, name, draft) : Change(current, draft, transaction.Now);
        var write = new PendingWrite(transaction, entity, draft.Spec, previous, request) { Secret = draft.Secret };
        if (RulesOf(type.Kind) is { } kind && await kind.BeforeSaveAsync(write, cancellationToken) is { } error)
            return error;
        await transaction.Db.SaveChangesAsync(cancellationToken);
        return new Written<ResourceEntity>(entity, current is null, type.PathOf(access.Tenant.Name, name), entity.ETag()) { Warnings = write.Warnings };
    }

    private static ResourceEntity Add(WriteTransaction transaction, ResourceType type, string name, ObjectDraft draft)
    {
        var entity = new ResourceEntity
        {
            TenantId = transaction.TenantId,
            Kind = type.Kind,
            Name = name,
            Labels = draft.Labels,
            Annotations = draft.Annotations,
            Spec = ResourceMapping.WriteSpec(draft.Spec),
            CreatedAt = transaction.Now,
            UpdatedAt = transaction.Now,
        };
        transaction.Db.Resources.Add(entity);
        return entity;
    }

    /// <summary>Changes only what differs: a repeated PUT leaves version, generation, audit log and revision alone.</summary>
    private static ResourceEntity Change(ResourceEntity entity, ObjectDraft draft, DateTimeOffset now)
    {
        var spec = ResourceMapping.WriteSpec(draft.Spec);
        var specChanged = spec != ResourceMapping.WriteSpec(entity.ReadSpec());
        var labelsChanged = !StringMaps.Same(entity.Labels, draft.Labels);
        var annotationsChanged = !StringMaps.Same(entity.Annotations, draft.Annotations);
        if (specChanged)
        {
            (entity.Spec, entity.Generation) = (spec, entity.Generation + 1);
            entity.Owner = null; // an import of its old source leaves it alone from now on
        }
        if (labelsChanged)
            entity.Labels = draft.Labels;
        if (annotationsChanged)
            entity.Annotations = draft.Annotations;
        if (specChanged || labelsChanged || annotationsChanged)
            entity.UpdatedAt = now;
        return entity;
    }

    private async Task<Error?> RemoveAsync(WriteTransaction transaction, ResourceEntity entity, HttpRequest request, CancellationToken cancellationToken)
    {
        var type = ResourceType.All.First(candidate => candidate.Kind == entity.Kind);
        if (!access.HasRole(type.DeleteRole))
            return new ForbiddenError($"the role {type.DeleteRole} in the tenant to delete {type.Plural}");
        var spec = entity.ReadSpec();
        var write = new PendingWrite(transaction, entity, spec, spec, request);
        if (RulesOf(entity.Kind) is { } kind && await kind.BeforeDeleteAsync(write, cancellationToken) is { } error)
            return error;
        transaction.Db.Resources.Remove(entity);
        return null;
    }

    private IKindRules? RulesOf(string kind) => rules.FirstOrDefault(candidate => candidate.Kind == kind);
}
