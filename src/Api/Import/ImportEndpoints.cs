using System.Text.Json;
using Gatehouse.Api.Access;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Import.Documents;
using Gatehouse.Api.OpenApi;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Import;

/// <summary>Imports of Kubernetes manifests: into one tenant, or by a platform admin into the tenants that their namespaces name.</summary>
internal static class ImportEndpoints
{
    public static void MapImport(this IEndpointRouteBuilder api) =>
        Note(api.MapPost("/import", ImportAllAsync).RequirePlatformAdmin())
            .Describe("importManifests", "Import Kubernetes manifests; each namespace is the tenant of its name");

    public static void MapTenantImport(this IEndpointRouteBuilder tenant) =>
        Note(tenant.MapPost("/import", ImportAsync).RequireRole(Role.Editor)).Describe("importTenantManifests", "Import Kubernetes manifests into one tenant");

    private static RouteHandlerBuilder Note(RouteHandlerBuilder builder) => builder.WithTags("Import and export")
        .Accepts<JsonElement>(ImportBody.Yaml, [.. ImportBody.OtherTypes]).WithWriteParameters()
        .Query("source", "string", "Name of this set of manifests: only the same source changes or prunes what it imported. Default `default`.", "shop-repository")
        .Query("prune", "boolean", "Deletes what the source imported before and is absent now; never tenants.", "true")
        .Query("strict", "boolean", "Changes nothing if any object is refused: 422, with the list.", "true")
        .Query("takeover", "boolean", "Replaces objects of other sources, and those that were edited by hand.", "true");

    private static Task<Results<Ok<ImportView>, ProblemResult>> ImportAllAsync(HttpContext context, Importer importer, CancellationToken cancellationToken) =>
        RunAsync(context, importer, new ImportScope(null), DocumentLimits.PlatformBytes, cancellationToken);

    private static Task<Results<Ok<ImportView>, ProblemResult>> ImportAsync(
        HttpContext context, RequestAccess access, Importer importer, CancellationToken cancellationToken) =>
        RunAsync(context, importer, new ImportScope(access.Tenant.Name), DocumentLimits.TenantBytes, cancellationToken);

    private static async Task<Results<Ok<ImportView>, ProblemResult>> RunAsync(
        HttpContext context, Importer importer, ImportScope scope, int limit, CancellationToken cancellationToken)
    {
        if (!ImportQuery.Read(context.Request).TryGet(out var query, out var error)
            || !(await ImportBody.ReadAsync(context.Request, limit, cancellationToken)).TryGet(out var manifests, out error)
            || !(await importer.RunAsync(context, ImportSet.Of(manifests, scope.Tenant), scope, query)).TryGet(out var view, out error))
        {
            return error.ToProblem();
        }
        return TypedResults.Ok(view);
    }
}
