using System.Text.Json;
using Gatehouse.Api.Access;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Api.Import;
using Gatehouse.Api.OpenApi;
using Gatehouse.Persistence.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Api.Export;

/// <summary>Exports: manifests that an import reads, here or elsewhere.</summary>
internal static class ExportEndpoints
{
    public static void MapExport(this IEndpointRouteBuilder api) =>
        Note(api.MapGet("/export", ExportAll).RequirePlatformAdmin()).Describe("exportManifests", "Export everything as Kubernetes manifests, without private keys");

    public static void MapTenantExport(this IEndpointRouteBuilder tenant) =>
        Note(tenant.MapGet("/export", Export).RequireRole(Role.Viewer)).Describe("exportTenantManifests", "Export a tenant as Kubernetes manifests, without private keys");

    private static RouteHandlerBuilder Note(RouteHandlerBuilder builder) => builder.WithTags("Import and export")
        .Produces<JsonElement>(StatusCodes.Status200OK, ImportBody.Yaml, JsonBody.Json)
        .Query("format", "string", "yaml (default), or json for one List.", "json");

    private static Results<ExportResult, ProblemResult> ExportAll(HttpContext context, Exporter exporter, CancellationToken cancellationToken) =>
        IsJson(context.Request).TryGet(out var json, out var error) ? new ExportResult(exporter.AllAsync(cancellationToken), json) : error.ToProblem();

    private static Results<ExportResult, ProblemResult> Export(HttpContext context, RequestAccess access, Exporter exporter, CancellationToken cancellationToken) =>
        IsJson(context.Request).TryGet(out var json, out var error) ? new ExportResult(exporter.TenantAsync(access.Tenant, cancellationToken), json) : error.ToProblem();

    /// <summary>Whether <c>?format</c> asks for a List instead of YAML documents.</summary>
    public static Result<bool> IsJson(HttpRequest request) => request.Query["format"].ToString() switch
    {
        "" or "yaml" => false,
        "json" => true,
        _ => new InvalidError("?format", "invalid_format", "format is yaml or json."),
    };
}
