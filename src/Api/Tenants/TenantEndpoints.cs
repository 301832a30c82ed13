using System.Runtime.CompilerServices;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Idempotency;
using Gatehouse.Api.Lists;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Tenancy;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Tenants;

/// <summary>Tenants: everybody lists and reads their own, owners change settings, platform admins do the rest.</summary>
internal static class TenantEndpoints
{
    private const string Collection = "tenants";

    public static RouteGroupBuilder MapTenants(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/tenants").WithTags("Tenants");
        group.MapGet("/", ListAsync).RequireSignIn().Describe("listTenants", "List the tenants that you may see").WithListParameters();
        group.MapPost("/", PostAsync).RequirePlatformAdmin().Describe("createTenant", "Create a tenant")
            .Accepts<TenantView>(JsonBody.Json).WithWriteParameters().WithIdempotencyKey();
        group.MapGet("/{tenant}", Get).RequireRole(Role.Viewer).Describe("getTenant", "Read a tenant");
        group.MapPut("/{tenant}", PutAsync).RequireRoleOrNewTenant(Role.Owner).Describe("putTenant", "Create or replace a tenant")
            .Accepts<TenantView>(JsonBody.Json).WithWriteParameters().WithPreconditions();
        group.MapPatch("/{tenant}", PatchAsync).RequireRole(Role.Owner).Describe("patchTenant", "Change a tenant by a JSON merge patch")
            .WithMergePatchBody().WithWriteParameters().WithPreconditions();
        group.MapDelete("/{tenant}", DeleteAsync).RequirePlatformAdminInTenant().Describe("deleteTenant", "Delete a tenant")
            .WithDeleteParameters(cascade: true).WithPreconditions();
        return group;
    }

    private static async Task<Results<Ok<ListPage<TenantView>>, ProblemResult>> ListAsync(
        HttpContext context, GatehouseDbContext db, RequestAccess access, CancellationToken cancellationToken)
    {
        if (!ListQuery.Read(context.Request, Collection).TryGet(out var query, out var error))
            return error.ToProblem();
        var parameters = new List<object> { access.Caller.PlatformAdmin, access.Caller.Memberships.Select(static membership => membership.Tenant.Id).ToArray() };
        var labels = LabelFilter.ToSql(query.Labels, parameters);
        var page = await db.Tenants
            .FromSql(FormattableStringFactory.Create("SELECT *, xmin FROM tenants WHERE ({0} OR id = ANY ({1})) AND " + labels, [.. parameters]))
            .AsNoTracking()
            .PageAsync(static tenant => tenant.Name, query, Collection, static tenant => tenant.ToDocument(), cancellationToken);
        return TypedResults.Ok(page);
    }

    private static Ok<TenantView> Get(string tenant, HttpContext context, RequestAccess access)
    {
        context.Response.Headers.ETag = access.Tenant.ETag();
        return TypedResults.Ok(access.Tenant.ToDocument());
    }

    private static async Task<Results<Created<TenantView>, ReplayResult, ProblemResult>> PostAsync(
        HttpContext context, RequestAccess access, TenantWrites writes, IdempotentPosts posts, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !TenantDraft.Read(json).TryGet(out var draft, out error))
            return error.ToProblem();
        var result = await posts.RunAsync<TenantView>(context, access.Platform.Id, json, async (transaction, token) =>
            (await writes.CreateAsync(transaction, draft.Name, draft, token)).TryGet(out var row, out var refused)
                ? new Written<TenantView>(row.Document.ToDocument(), true, row.Location, row.ETag)
                : refused);
        if (!result.TryGet(out var posted, out error))
            return error.ToProblem();
        if (posted.Written is not { } created)
            return new ReplayResult(posted.Stored!);
        context.Response.Headers.ETag = created.ETag;
        return TypedResults.Created(created.Location, created.Document);
    }

    private static async Task<Results<Ok<TenantView>, Created<TenantView>, ProblemResult>> PutAsync(
        string tenant, HttpContext context, TenantWrites writes, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error)
            || !TenantDraft.Read(json).TryGet(out var draft, out error)
            || !(await writes.PutAsync(context, tenant, draft)).TryGet(out var written, out error))
        {
            return error.ToProblem();
        }
        var document = Answer(context, written);
        return written.Created ? TypedResults.Created(written.Location, document) : TypedResults.Ok(document);
    }

    private static async Task<Results<Ok<TenantView>, ProblemResult>> PatchAsync(
        string tenant, HttpContext context, TenantWrites writes, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.MergePatch, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !(await writes.PatchAsync(context, json)).TryGet(out var written, out error))
            return error.ToProblem();
        return TypedResults.Ok(Answer(context, written));
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(string tenant, HttpContext context, TenantWrites writes) =>
        (await writes.DeleteAsync(context)).TryGet(out _, out var error) ? TypedResults.NoContent() : error.ToProblem();

    private static TenantView Answer(HttpContext context, Written<Tenant> written)
    {
        context.Response.Headers.ETag = written.ETag;
        return written.Document.ToDocument();
    }
}
