using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.ServiceDefaults.Health;

/// <summary>Liveness, readiness and version of a host.</summary>
public static class HealthEndpoints
{
    /// <summary>Tag of the checks that <c>/readyz</c> runs.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// Maps <c>/livez</c> (the process answers), <c>/readyz</c> (200 once every check tagged <see cref="ReadyTag"/> is healthy, else 503)
    /// and <c>/version</c>. The answers are JSON and name checks, never their exceptions.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/livez", new HealthCheckOptions { Predicate = static _ => false, ResponseWriter = WriteAsync });
        endpoints.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = static check => check.Tags.Contains(ReadyTag), ResponseWriter = WriteAsync });
        endpoints.MapGet("/version", static () => TypedResults.Ok(new VersionView("gatehouse", ProductVersion.Current))).ExcludeFromDescription();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        var view = new HealthView(
            report.Status switch { HealthStatus.Healthy => "ok", HealthStatus.Degraded => "degraded", _ => "unavailable" },
            report.Entries.ToDictionary(
                static entry => entry.Key,
                static entry => entry.Value.Status == HealthStatus.Healthy ? "ok" : entry.Value.Description ?? "failed"));
        return context.Response.WriteAsync(JsonSerializer.Serialize(view, JsonSerializerOptions.Web), context.RequestAborted);
    }

    private sealed record HealthView(string Status, IReadOnlyDictionary<string, string> Checks);

    private sealed record VersionView(string Product, string Version);
}
