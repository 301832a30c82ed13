using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Export;
using Gatehouse.Api.Import;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Clusters;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Clusters;

/// <summary>What would be applied to a cluster, compared with what is there. A tenant's members see its part, platform admins all of it.</summary>
internal static class ManifestEndpoints
{
    public static void MapManifests(this IEndpointRouteBuilder clusters) =>
        clusters.MapGet("/{name}/manifests", GetAsync).RequireSignIn().AsksWorker()
            .Query("tenant", "string", "The part of one tenant, which its members may read. Absent: all of it, for platform admins.", "shop")
            .Query("diff", "boolean", "Instead: what differs from the cluster now, as its sync worker sees it.", "true")
            .Query("format", "string", "Of the manifests: yaml (default), or json for one List.", "json")
            .Produces<JsonElement>(StatusCodes.Status200OK, ImportBody.Yaml)
            .Describe("getClusterManifests", "What would be applied to a cluster, or how that differs from what is there");

    private static async Task<Results<Ok<ClusterAnswer>, ExportResult, ProblemResult>> GetAsync(
        string name, HttpContext context, RequestAccess access, ClusterWorkers workers, CancellationToken cancellationToken)
    {
        var tenant = context.Request.Query["tenant"].ToString() is { Length: > 0 } given ? given : null;
        if (Refusal(access.Caller, tenant) is { } refusal)
            return refusal.ToProblem();
        if (!QueryFlag.TryRead(context.Request, "diff", out var diff, out var error))
            return error.ToProblem();
        if (!ExportEndpoints.IsJson(context.Request).TryGet(out var json, out error))
            return error.ToProblem();
        if (await workers.FindAsync(name, cancellationToken) is not { } cluster)
            return new NotFoundError().ToProblem();
        if (!(await workers.AskAsync(cluster, diff ? ClusterTaskKind.Diff : ClusterTaskKind.Manifests, new TenantPart(tenant), cancellationToken)).TryGet(out var answer, out error))
            return error.ToProblem();
        return diff ? TypedResults.Ok(new ClusterAnswer(name, answer)) : new ExportResult(ManifestsOf(answer), json);
    }

    private static Error? Refusal(Caller caller, string? tenant)
    {
        if (caller.PlatformAdmin)
            return null;
        if (tenant is null)
            return new ForbiddenError("a platform admin, or the query parameter tenant with a tenant of yours");
        return caller.Memberships.Any(membership => membership.Tenant.Name == tenant) ? null : new NotFoundError();
    }

    private static IAsyncEnumerable<JsonObject> ManifestsOf(JsonElement answer) =>
        answer.GetProperty("items").EnumerateArray().Select(static item => JsonObject.Create(item)!).ToAsyncEnumerable();

    private sealed record TenantPart(string? Tenant);
}
