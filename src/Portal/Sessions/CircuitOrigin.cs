namespace Gatehouse.Portal.Sessions;

/// <summary>
/// Refuses circuits that pages of other origins open. Browsers let any page open a WebSocket anywhere, and a SameSite cookie goes along from
/// every name of the same site: a tenant's page beside the portal would read what its visitor may see.
/// </summary>
internal static class CircuitOrigin
{
    public static void UseCircuitOrigin(this WebApplication app) => app.Use((http, next) =>
    {
        var origin = http.Request.Headers.Origin;
        if (!http.Request.Path.StartsWithSegments("/_blazor") || origin.Count == 0
            || string.Equals(origin, $"{http.Request.Scheme}://{http.Request.Host}", StringComparison.OrdinalIgnoreCase))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });
}
