using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.OpenApi;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Replicas;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.DataPlanes;

/// <summary>Data-plane replicas, as they last reported.</summary>
internal static class DataPlaneEndpoints
{
    public static RouteGroupBuilder MapDataPlanes(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/dataplanes").WithTags("Platform").RequirePlatformAdmin();
        group.MapGet("/", List).Describe("listDataPlanes", "List data-plane replicas");
        group.MapGet("/{name}", Get).Describe("getDataPlane", "Read a data-plane replica")
            .Query("pool", "string", "Pool, if replicas of several pools have the name.", "default");
        return group;
    }

    private static Ok<ListPage<DataPlaneView>> List(ReplicaRegistry replicas) => TypedResults.Ok(new ListPage<DataPlaneView>([.. Ordered(replicas)]));

    private static Results<Ok<DataPlaneView>, ProblemResult> Get(string name, HttpContext context, ReplicaRegistry replicas)
    {
        var pool = context.Request.Query["pool"].ToString();
        return Ordered(replicas).FirstOrDefault(replica => replica.Name == name && (pool.Length == 0 || replica.Pool == pool)) is { } found
            ? TypedResults.Ok(found)
            : new NotFoundError().ToProblem();
    }

    private static IEnumerable<DataPlaneView> Ordered(ReplicaRegistry replicas) => replicas.All
        .OrderBy(static replica => replica.Pool, StringComparer.Ordinal).ThenBy(static replica => replica.Replica, StringComparer.Ordinal)
        .Select(replica => new DataPlaneView
        {
            Name = replica.Replica,
            Pool = replica.Pool,
            Version = replica.Version,
            Connected = replicas.IsConnected(replica),
            LastSeenAt = replica.LastSeenAt,
            StartedAt = replica.StartedAt,
            AppliedRevision = replica.AppliedRevision,
            Refusals = [.. replica.Refusals.Select(static refusal => new DataPlaneRefusal(refusal.Table, refusal.Key, refusal.Reason))],
            Held = replica.Held,
            Sockets = [.. replica.Sockets.Select(static socket => new DataPlaneSocket(socket.Address, socket.Port, socket.BoundPort, socket.Bound, socket.Error))],
            Http3 = replica.Http3 is { } http3 ? new DataPlaneHttp3(http3.Supported, http3.Reason) : null,
        });
}
