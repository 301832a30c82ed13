using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Lists;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Resources;
using Gatehouse.Api.Status;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Clusters;

/// <summary>Which Namespace a tenant has in a cluster; named by the tenant, stored as <c>cluster.tenant</c>.</summary>
internal static class ClusterNamespaceEndpoints
{
    private static readonly ResourceType Type = ResourceType.ClusterNamespace;

    public static RouteGroupBuilder MapClusterNamespaces(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/clusters/{cluster}/namespaces").WithTags(Type.Tag).RequirePlatformAdmin();
        group.MapGet("/", ListAsync).Describe(Type, "list", "List which Namespaces tenants have in a cluster").WithListParameters();
        group.MapGet("/{tenant}", GetAsync).Describe(Type, "get", "Read which Namespace a tenant has in a cluster").WithWaitParameters();
        group.MapPut("/{tenant}", PutAsync).Describe(Type, "put", "Say which Namespace a tenant has in a cluster")
            .Accepts<ApiObject<ClusterNamespaceSpec>>(JsonBody.Json).WithWriteParameters().WithPreconditions();
        group.MapPatch("/{tenant}", PatchAsync).Describe(Type, "patch", "Change which Namespace a tenant has in a cluster by a JSON merge patch")
            .WithMergePatchBody().WithWriteParameters().WithPreconditions();
        group.MapDelete("/{tenant}", DeleteAsync).Describe(Type, "delete", "Give a tenant the Namespace again that it has by default")
            .WithDeleteParameters(cascade: false).WithPreconditions();
        return group;
    }

    private static async Task<Results<Ok<ListPage<ApiObject<ClusterNamespaceSpec>>>, ProblemResult>> ListAsync(
        string cluster, HttpContext context, Transactions transactions, RequestAccess access, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        var list = $"{Type.Plural}/{cluster}";
        if (!ListQuery.Read(context.Request, list).TryGet(out var query, out var error))
            return error.ToProblem();
        await using var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken);
        if (await transaction.Db.FindAsync(ResourceKind.Cluster, cluster, cancellationToken) is null)
            return new NotFoundError().ToProblem();
        var page = await ClusterNamespaceQueries.PageAsync(transaction.Db, cluster, query, list, cancellationToken);
        return TypedResults.Ok(new ListPage<ApiObject<ClusterNamespaceSpec>>(
            [.. page.Items.Select(row => Document(row, statuses.Of(row, access.Tenant.Name)))], page.Continue, page.Remaining));
    }

    private static async Task<Results<Ok<ApiObject<ClusterNamespaceSpec>>, ProblemResult>> GetAsync(
        string cluster, string tenant, HttpContext context, RequestAccess access, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        if (!WaitQuery.Read(context.Request).TryGet(out var wait, out var error)
            || !(await statuses.ReadAsync(access.Tenant, Type.Kind, ClusterNamespaceName.Of(cluster, tenant), wait, cancellationToken)).TryGet(out var found, out error))
        {
            return error.ToProblem();
        }
        context.Response.Headers.ETag = found.Entity.ETag();
        return TypedResults.Ok(Document(found.Entity, found.Status));
    }

    private static async Task<Results<Ok<ApiObject<ClusterNamespaceSpec>>, Created<ApiObject<ClusterNamespaceSpec>>, ProblemResult>> PutAsync(
        string cluster, string tenant, HttpContext context, RequestAccess access, ResourceWrites writes, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !ObjectDraft.Read(Type.Kind, json).TryGet(out var draft, out error))
            return error.ToProblem();
        if (draft.Name is not null && draft.Name != tenant)
            return NameErrors.Mismatch.ToProblem();
        var result = await writes.PutAsync(context, Type, ClusterNamespaceName.Of(cluster, tenant), draft with { Name = null });
        if (!result.TryGet(out var written, out error))
            return error.ToProblem();
        var document = Answer(context, access, written, statuses);
        return written.Created ? TypedResults.Created(written.Location, document) : TypedResults.Ok(document);
    }

    private static async Task<Results<Ok<ApiObject<ClusterNamespaceSpec>>, ProblemResult>> PatchAsync(
        string cluster, string tenant, HttpContext context, RequestAccess access, ResourceWrites writes, ObjectStatuses statuses, CancellationToken cancellationToken)
    {
        var name = ClusterNamespaceName.Of(cluster, tenant);
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.MergePatch, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !(await writes.PatchAsync(context, Type, name, Stored(json, tenant, name))).TryGet(out var written, out error))
            return error.ToProblem();
        return TypedResults.Ok(Answer(context, access, written, statuses));
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(string cluster, string tenant, HttpContext context, ResourceWrites writes) =>
        (await writes.DeleteAsync(context, Type, ClusterNamespaceName.Of(cluster, tenant))).TryGet(out _, out var error) ? TypedResults.NoContent() : error.ToProblem();

    /// <summary>A patch that repeats the name that GET showed means the stored one.</summary>
    private static JsonElement Stored(JsonElement patch, string tenant, string name)
    {
        if (patch.ValueKind != JsonValueKind.Object || !patch.TryGetProperty("name", out var written) || written.ValueKind != JsonValueKind.String || !written.ValueEquals(tenant))
            return patch;
        var changed = JsonObject.Create(patch)!;
        changed["name"] = name;
        return JsonSerializer.SerializeToElement(changed);
    }

    private static ApiObject<ClusterNamespaceSpec> Answer(HttpContext context, RequestAccess access, Written<ResourceEntity> written, ObjectStatuses statuses)
    {
        context.Response.Headers.ETag = written.ETag;
        return Document(written.Document, statuses.Of(written.Document, access.Tenant.Name));
    }

    private static ApiObject<ClusterNamespaceSpec> Document(ResourceEntity row, ObjectStatus status)
    {
        var tenant = ClusterNamespaceName.Split(row.Name).Tenant;
        return row.ToDocument<ClusterNamespaceSpec>(tenant, status) with { Name = tenant };
    }
}
