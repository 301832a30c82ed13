using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Idempotency;
using Gatehouse.Api.Lists;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Status;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Resources;

/// <summary>The endpoints that every kind has. What a kind asks for beyond them is in its <see cref="IKindRules"/>.</summary>
/// <typeparam name="TSpec">Spec record of the kind.</typeparam>
internal sealed class ResourceEndpoints<TSpec>(ResourceType type)
    where TSpec : class
{
    /// <summary>Maps list, read, create, replace, patch and delete under <c>/{plural}</c>.</summary>
    /// <param name="parent">Where.</param>
    /// <param name="type">Kind.</param>
    /// <param name="written">What the description says that POST and PUT take, where that is more than what GET answers.</param>
    public static RouteGroupBuilder Map(IEndpointRouteBuilder parent, ResourceType type, Type? written = null)
    {
        var body = written ?? typeof(ApiObject<TSpec>);
        var endpoints = new ResourceEndpoints<TSpec>(type);
        var group = endpoints.MapReads(parent);
        endpoints.Require(group.MapPost("/", endpoints.PostAsync), type.WriteRole).Describe(type, "create", $"Create one of the {type.Plural}")
            .Accepts(body, JsonBody.Json).WithWriteParameters().WithIdempotencyKey();
        endpoints.Require(group.MapPut("/{name}", endpoints.PutAsync), type.WriteRole).Describe(type, "put", $"Create or replace one of the {type.Plural}")
            .Accepts(body, JsonBody.Json).WithWriteParameters().WithPreconditions();
        endpoints.Require(group.MapPatch("/{name}", endpoints.PatchAsync), type.WriteRole).Describe(type, "patch", $"Change one of the {type.Plural} by a JSON merge patch")
            .WithMergePatchBody().WithWriteParameters().WithPreconditions();
        endpoints.Require(group.MapDelete("/{name}", endpoints.DeleteAsync), type.DeleteRole).Describe(type, "delete", $"Delete one of the {type.Plural}")
            .WithDeleteParameters(Referrers.CanCascade(type.Kind)).WithPreconditions();
        return group;
    }

    /// <summary>Maps list and read alone: the objects come and go by import.</summary>
    public static RouteGroupBuilder MapReadOnly(IEndpointRouteBuilder parent, ResourceType type) => new ResourceEndpoints<TSpec>(type).MapReads(parent);

    private RouteGroupBuilder MapReads(IEndpointRouteBuilder parent)
    {
        var group = parent.MapGroup("/" + type.Plural).WithTags(type.Tag);
        Require(group.MapGet("/", ListAsync), Role.Viewer).Describe(type, "list", $"List {type.Plural}").WithListParameters();
        Require(group.MapGet("/{name}", GetAsync), Role.Viewer).Describe(type, "get", $"Read one of the {type.Plural}").WithWaitParameters();
        return group;
    }

    private RouteHandlerBuilder Require(RouteHandlerBuilder builder, string role) =>
        type.IsPlatform ? builder.RequirePlatformAdmin() : builder.RequireRole(role);

    private async Task<Results<Ok<ListPage<ApiObject<TSpec>>>, ProblemResult>> ListAsync(
        HttpContext context, Transactions transactions, RequestAccess access, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        if (!ListQuery.Read(context.Request, type.Plural).TryGet(out var query, out var error))
            return error.ToProblem();
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        var page = await transaction.Db.PageAsync(type, query, cancellationToken);
        var shown = await statuses.OfAsync(transaction.Db, page.Items, access.Tenant.Name, cancellationToken);
        return TypedResults.Ok(new ListPage<ApiObject<TSpec>>([.. page.Items.Zip(shown, (entity, status) => Document(entity, access, status))], page.Continue, page.Remaining));
    }

    private async Task<Results<Ok<ApiObject<TSpec>>, ProblemResult>> GetAsync(
        string name, HttpContext context, RequestAccess access, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        if (!WaitQuery.Read(context.Request).TryGet(out var wait, out var error))
            return error.ToProblem();
        var read = await statuses.ReadAsync(access.Tenant, type.Kind, name, wait, cancellationToken);
        if (!read.TryGet(out var found, out error))
            return error.ToProblem();
        context.Response.Headers.ETag = found.Entity.ETag();
        return TypedResults.Ok(Document(found.Entity, access, found.Status));
    }

    private async Task<Results<Created<ApiObject<TSpec>>, ReplayResult, ProblemResult>> PostAsync(
        HttpContext context, RequestAccess access, ResourceWrites writes, IdempotentPosts posts, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !ObjectDraft.Read(type.Kind, json).TryGet(out var draft, out error))
            return error.ToProblem();
        var result = await posts.RunAsync<ApiObject<TSpec>>(context, access.Tenant.Id, json, async (transaction, token) =>
        {
            var written = await writes.CreateAsync(transaction, type, draft, context.Request, token);
            if (!written.TryGet(out var row, out var refused))
                return refused;
            var status = (await statuses.OfAsync(transaction.Db, [row.Document], access.Tenant.Name, token))[0];
            var document = Document(row.Document, access, status) with { Warnings = row.Warnings.Count == 0 ? null : row.Warnings };
            return new Written<ApiObject<TSpec>>(document, true, row.Location, row.ETag);
        });
        if (!result.TryGet(out var posted, out error))
            return error.ToProblem();
        if (posted.Written is not { } created)
            return new ReplayResult(posted.Stored!);
        context.Response.Headers.ETag = created.ETag;
        return TypedResults.Created(created.Location, created.Document);
    }

    private async Task<Results<Ok<ApiObject<TSpec>>, Created<ApiObject<TSpec>>, ProblemResult>> PutAsync(
        string name, HttpContext context, RequestAccess access, ResourceWrites writes, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error)
            || !ObjectDraft.Read(type.Kind, json).TryGet(out var draft, out error)
            || !(await writes.PutAsync(context, type, name, draft)).TryGet(out var written, out error))
        {
            return error.ToProblem();
        }
        var document = await AnswerAsync(context, access, written, statuses, cancellationToken);
        return written.Created ? TypedResults.Created(written.Location, document) : TypedResults.Ok(document);
    }

    private async Task<Results<Ok<ApiObject<TSpec>>, ProblemResult>> PatchAsync(
        string name, HttpContext context, RequestAccess access, ResourceWrites writes, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.MergePatch, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !(await writes.PatchAsync(context, type, name, json)).TryGet(out var written, out error))
            return error.ToProblem();
        return TypedResults.Ok(await AnswerAsync(context, access, written, statuses, cancellationToken));
    }

    private async Task<Results<NoContent, ProblemResult>> DeleteAsync(string name, HttpContext context, ResourceWrites writes) =>
        (await writes.DeleteAsync(context, type, name)).TryGet(out _, out var error) ? TypedResults.NoContent() : error.ToProblem();

    private async Task<ApiObject<TSpec>> AnswerAsync(
        HttpContext context, RequestAccess access, Written<ResourceEntity> written, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        context.Response.Headers.ETag = written.ETag;
        var document = Document(written.Document, access, await statuses.OfAsync(written.Document, access.Tenant, cancellationToken));
        return document with { Warnings = ResourceWarnings.Of(written.Warnings, document.Status, document.Generation) };
    }

    private ApiObject<TSpec> Document(ResourceEntity entity, RequestAccess access, ObjectStatus status) =>
        entity.ToDocument<TSpec>(type.IsPlatform ? null : access.Tenant.Name, status);
}
