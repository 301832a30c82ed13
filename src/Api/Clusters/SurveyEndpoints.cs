using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Import;
using Gatehouse.Api.Import.Documents;
using Gatehouse.Api.OpenApi;
using Gatehouse.Api.Resources;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Manifests;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Clusters;

/// <summary>What already runs in a cluster: its worker reads it, and an import that changes nothing says what would become of it.</summary>
internal static class SurveyEndpoints
{
    private const int MaxNamespaces = 100;

    public static void MapSurvey(this IEndpointRouteBuilder clusters) =>
        clusters.MapPost("/{name}/survey", SurveyAsync).RequirePlatformAdmin().AsksWorker().Accepts<ClusterSurveyRequest>(JsonBody.Json)
            .Describe("surveyCluster", "Say what would become of what already runs in a cluster, Namespace by Namespace");

    private static async Task<Results<Ok<ClusterSurvey>, ProblemResult>> SurveyAsync(
        string name, HttpContext context, RequestAccess access, Transactions transactions, ClusterWorkers workers, Importer importer, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, JsonBody.Json, cancellationToken);
        if (!body.TryGet(out var json, out var error) || !ReadNamespaces(json).TryGet(out var request, out error))
            return error.ToProblem();
        ResourceEntity? cluster;
        SurveyedNamespaces namespaces;
        await using (var transaction = await transactions.ReadAsync(access.Tenant.Id, cancellationToken))
        {
            cluster = await transaction.Db.FindAsync(ResourceKind.Cluster, name, cancellationToken);
            if (cluster is null)
                return new NotFoundError().ToProblem();
            namespaces = await SurveyedNamespaces.ReadAsync(transaction.Db, name, (ClusterSpec)cluster.ReadSpec(), cancellationToken);
        }
        if (!(await workers.AskAsync(cluster, ClusterTaskKind.Survey, request, cancellationToken)).TryGet(out var answer, out error))
            return error.ToProblem();
        var items = JsonObject.Create(answer)!["items"]!.AsArray();
        var places = items.Select(item => namespaces.Place(item!.AsObject())).ToList();
        if (!ReadManifests(name, items).TryGet(out var manifests, out error)
            || !(await importer.TryAsync(context, ImportSet.Of(manifests, null), new ImportScope(null), Query(name))).TryGet(out var view, out error))
        {
            return error.ToProblem();
        }
        return TypedResults.Ok(new ClusterSurvey(name, [.. ByNamespace(view, places, namespaces)], view.Summary));
    }

    /// <summary>The objects of the survey come first and in its order; after them what the import would make besides, such as tenants.</summary>
    private static IEnumerable<SurveyedNamespace> ByNamespace(ImportView view, List<string?> places, SurveyedNamespaces namespaces) =>
        view.Objects.Select((item, index) => (Item: item, Namespace: index < places.Count ? places[index] : item.Namespace))
            .GroupBy(static pair => pair.Namespace, static pair => pair.Item, StringComparer.Ordinal)
            .OrderBy(static group => group.Key, StringComparer.Ordinal)
            .Select(group => new SurveyedNamespace(group.Key, group.Key is { } ns ? namespaces.TenantOf(ns) : null, [.. group]));

    /// <summary>No import by hand can have such a source, so nothing is taken from one.</summary>
    private static ImportQuery Query(string cluster) => new($"cluster/{cluster}", Prune: false, Strict: false, Takeover: false);

    private static Result<ClusterSurveyRequest> ReadNamespaces(JsonElement json)
    {
        var fields = BodyFields.Of(json, ["namespaces"], []);
        List<string>? namespaces = null;
        if (fields.Get("namespaces") is { } written)
        {
            if (written.ValueKind != JsonValueKind.Array || written.GetArrayLength() is < 1 or > MaxNamespaces)
                fields.AddError(new FieldError("/namespaces", ErrorCodes.InvalidType, $"Write a list of 1 to {MaxNamespaces} names."));
            else
                namespaces = [.. written.EnumerateArray().Select((item, place) => ReadNamespace(item, place, fields))];
        }
        return fields.Errors.Count > 0 ? new InvalidError(fields.Errors) : new ClusterSurveyRequest(namespaces);
    }

    private static string ReadNamespace(JsonElement item, int place, BodyFields fields)
    {
        var name = item.ValueKind == JsonValueKind.String ? item.GetString()! : "";
        foreach (var problem in ObjectNames.ValidateTenantName(name))
            fields.AddError(new FieldError($"/namespaces/{place}", problem.Code, problem.Message));
        return name;
    }

    private static Result<IReadOnlyList<Manifest>> ReadManifests(string cluster, JsonArray items)
    {
        try
        {
            return ManifestDocuments.Read(JsonSerializer.SerializeToUtf8Bytes(items), json: true);
        }
        catch (DocumentException exception)
        {
            return new ConflictError("survey_unreadable", $"What cluster `{cluster}` has cannot be read at once: name fewer namespaces. {exception.Message}");
        }
    }
}
