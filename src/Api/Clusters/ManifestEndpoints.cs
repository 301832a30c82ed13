using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Writes;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Clusters;

/// <summary>What would be applied to a cluster, compared with what is there. A tenant's members see its part, platform admins all of it.</summary>
internal static class ManifestEndpoints
{
    public static void MapManifests(this IEndpointRouteBuilder clusters) =>
        clusters.MapGet("/{name}/manifests", GetAsync).RequireSignIn().AsksWorker()
            .Query("tenant", "string", "The part of one tenant, which its members may read. Absent: all of it, for platform admins.", "shop")
            .Query("diff", "boolean", "What differs from the cluster now, as its sync worker sees it.", "true")
            .Describe("getClusterManifests", "Compare what would be applied to a cluster with what is there");

    private static async Task<Results<Ok<ClusterAnswer>, ProblemResult>> GetAsync(
        string name, HttpContext context, RequestAccess access, ClusterWorkers workers, CancellationToken cancellationToken)
    {
        var tenant = context.Request.Query["tenant"].ToString() is { Length: > 0 } given ? given : null;
        if (Refusal(access.Caller, tenant) is { } refusal)
            return refusal.ToProblem();
        if (!QueryFlag.TryRead(context.Request, "diff", out var diff, out var error))
            return error.ToProblem();
        if (!diff)
            return new InvalidError("?diff", ErrorCodes.Required, "Write diff=true.").ToProblem();
        if (await workers.FindAsync(name, cancellationToken) is not { } cluster)
            return new NotFoundError().ToProblem();
        return (await workers.AskAsync(cluster, ClusterTaskKind.Diff, new DiffRequest(tenant), cancellationToken)).TryGet(out var answer, out error)
            ? TypedResults.Ok(new ClusterAnswer(name, answer))
            : error.ToProblem();
    }

    private static Error? Refusal(Caller caller, string? tenant)
    {
        if (caller.PlatformAdmin)
            return null;
        if (tenant is null)
            return new ForbiddenError("a platform admin, or the query parameter tenant with a tenant of yours");
        return caller.Memberships.Any(membership => membership.Tenant.Name == tenant) ? null : new NotFoundError();
    }

    private sealed record DiffRequest(string? Tenant);
}
