using System.Text.Json;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Clusters;

/// <summary>Proves a route in a cluster before DNS moves: a request through the cluster's addresses with the production Host.</summary>
internal static class ProbeEndpoints
{
    private const int MaxPath = 1024;
    private const int MaxName = 253;

    public static void MapProbe(this IEndpointRouteBuilder tenant) =>
        tenant.MapPost("/httproutes/{name}/probe", ProbeAsync).RequireRole(Role.Editor).WithTags(ResourceType.HttpRoute.Tag).AsksWorker()
            .Accepts<RouteProbeRequest>(JsonBody.Json).Describe("probeHTTPRoute", "Send a request through a cluster's addresses, before DNS points there");

    private static async Task<Results<Ok<ClusterAnswer>, ProblemResult>> ProbeAsync(
        string name, HttpContext context, RequestAccess access, Transactions transactions, ClusterReports reports, ClusterWorkers workers, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error))
            return error.ToProblem();
        HttpRouteSpec spec;
        await using (var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken))
        {
            if (await transaction.Db.FindAsync(ResourceKind.HttpRoute, name, cancellationToken) is not { } route)
                return new NotFoundError().ToProblem();
            spec = (HttpRouteSpec)route.ReadSpec();
        }
        var key = new ResourceKey(ResourceKind.HttpRoute, access.Tenant.Name, name);
        if (!Read(json, spec).TryGet(out var probe, out error) || !ClusterOf(reports, key, probe.Cluster).TryGet(out var place, out error))
            return error.ToProblem();
        if (await workers.FindAsync(place, cancellationToken) is not { } cluster)
            return new NotFoundError().ToProblem();
        var request = new ProbeTask(key.Kind, key.Tenant, key.Name, probe.Hostname, probe.Path ?? "/", probe.Method ?? "GET", probe.Compare ?? false);
        return (await workers.AskAsync(cluster, ClusterTaskKind.Probe, request, cancellationToken)).TryGet(out var answer, out error)
            ? TypedResults.Ok(new ClusterAnswer(place, answer))
            : error.ToProblem();
    }

    private static Result<RouteProbeRequest> Read(JsonElement json, HttpRouteSpec route)
    {
        var fields = BodyFields.Of(json, ["cluster", "hostname", "path", "method", "compare"], []);
        var probe = new RouteProbeRequest
        {
            Cluster = fields.Text("cluster", MaxName),
            Hostname = fields.Text("hostname", MaxName),
            Path = fields.Text("path", MaxPath),
            Method = fields.Text("method", 8),
            Compare = fields.Flag("compare"),
        };
        if (probe.Hostname is { } hostname && !IsServed(route, hostname))
            fields.AddError(new FieldError("/hostname", ErrorCodes.InvalidFormat, "Write a name in lower case that the route's hostnames cover, without wildcard or port."));
        if (probe.Path is { } path && (path.Length == 0 || path[0] != '/' || path.Any(static c => c is <= ' ' or >= (char)0x7f or '#')))
            fields.AddError(new FieldError("/path", ErrorCodes.InvalidPath, "Write a path that begins with '/', with a query if wanted, and everything else than visible ASCII characters as %HH."));
        if (probe.Method is not (null or "GET" or "HEAD"))
            fields.AddError(new FieldError("/method", ErrorCodes.UnsupportedValue, "Write GET or HEAD."));
        return fields.Errors.Count > 0 ? new InvalidError(fields.Errors) : probe;
    }

    /// <summary>A probe speaks for the route, so it asks for nothing else.</summary>
    private static bool IsServed(HttpRouteSpec route, string hostname)
    {
        var normalized = ObjectNames.NormalizeHostname(hostname);
        if (normalized.Errors.Count > 0 || normalized.Name != hostname || hostname[0] == '*')
            return false;
        return route.Hostnames is not { Count: > 0 } names
            || names.Any(name => name == hostname || (name.StartsWith("*.", StringComparison.Ordinal) && hostname.EndsWith(name[1..], StringComparison.Ordinal)));
    }

    /// <summary>The cluster that is meant, among those whose workers know the route.</summary>
    private static Result<string> ClusterOf(ClusterReports reports, ResourceKey route, string? wanted)
    {
        var known = reports.Names.Where(cluster => reports.Of(cluster, route) is not null).Order(StringComparer.Ordinal).ToList();
        if (wanted is null)
        {
            return known switch
            {
                [var only] => only,
                [] => new ConflictError("not_in_a_cluster", "No sync worker has put this route into a cluster yet: see its conditions."),
                _ => new InvalidError("/cluster", ErrorCodes.Required, $"The route is in several clusters; name one of {string.Join(", ", known)}."),
            };
        }
        return known.Contains(wanted)
            ? wanted
            : new InvalidError("/cluster", ErrorCodes.UnsupportedValue, known.Count == 0 ? "No sync worker has put this route into a cluster yet." : $"The route is in {string.Join(", ", known)}.");
    }

    private sealed record ProbeTask(string Kind, string Tenant, string Name, string? Hostname, string Path, string Method, bool Compare);
}
