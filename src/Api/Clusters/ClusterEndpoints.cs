using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Clusters;
using Gatehouse.Persistence.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Clusters;

/// <summary>Kubernetes clusters, and what their sync workers are asked.</summary>
internal static class ClusterEndpoints
{
    private const int MaxToken = 256;

    public static void MapClusters(this IEndpointRouteBuilder api)
    {
        var group = ResourceEndpoints<ClusterSpec>.Map(api, ResourceType.Cluster, typeof(ApiObject<ClusterInput>));
        group.MapPost("/{name}/prune", PruneAsync).RequirePlatformAdmin().AsksWorker().Accepts<ClusterPruneRequest>(JsonBody.Json).WithWriteParameters()
            .Describe("pruneCluster", "Confirm deletions that the sync worker holds");
        group.MapSurvey();
        group.MapManifests();
        api.MapClusterNamespaces();
    }

    private static async Task<Results<Ok<ClusterAnswer>, NoContent, ProblemResult>> PruneAsync(
        string name, HttpContext context, RequestAccess access, Writes.Writes writes, ClusterReports reports, ClusterWorkers workers, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error))
            return error.ToProblem();
        var fields = BodyFields.Of(json, ["token"], []);
        var token = fields.RequiredText("token", MaxToken);
        if (fields.Errors.Count > 0)
            return new InvalidError(fields.Errors).ToProblem();

        // Who confirmed it, and the confirmation, are committed together.
        var result = await writes.RunAsync<Guid?>(context, access.Tenant.Id, async (transaction, cancellation) =>
        {
            if (await transaction.Db.FindAsync(ResourceKind.Cluster, name, cancellation) is not { } cluster)
                return new NotFoundError();
            if (reports.Of(name)?.Held is not { } held || held.Token != token)
                return NothingHeld(name);
            if (transaction.DryRun)
                return (Guid?)null;
            transaction.Record(new AuditRecord(AuditVerb.Prune, ResourceKind.Cluster, name, null, null));
            return await ClusterTasks.AddAsync(transaction.Db, cluster.Id, ClusterTaskKind.Prune, ClusterWorkers.Write(new ClusterPruneRequest(token)), ClusterWorkers.Patience, cancellation);
        });
        if (!result.TryGet(out var task, out error))
            return error.ToProblem();
        if (task is not { } id)
            return TypedResults.NoContent();
        return (await workers.AnswerAsync(name, id, cancellationToken)).TryGet(out var answer, out error)
            ? TypedResults.Ok(new ClusterAnswer(name, answer))
            : error.ToProblem();
    }

    private static ConflictError NothingHeld(string cluster) => new(
        "not_held", $"Cluster `{cluster}` holds no deletions under this token: read status.cluster.held again and confirm what it says now.");
}
