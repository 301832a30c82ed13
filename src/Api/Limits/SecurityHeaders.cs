namespace Gatehouse.Api.Limits;

/// <summary>Headers that keep browsers from doing anything with answers but reading them.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>The API itself is data: nothing may run, load or frame it.</summary>
    public const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = DataPolicy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        return next(context);
    }
}
