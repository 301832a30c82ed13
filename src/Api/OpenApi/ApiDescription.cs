using Microsoft.OpenApi;

namespace Gatehouse.Api.OpenApi;

/// <summary>The OpenAPI document and the page that shows it; both work without any other network.</summary>
internal static class ApiDescription
{
    public const string Document = "v1";

    /// <summary>The page draws itself with its own scripts and styles; Swagger UI sets style attributes.</summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, static options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = SchemaNames.Of;
        options.AddSchemaTransformer<ContractSchemas>();
        options.AddOperationTransformer<ContractOperations>();
        options.AddDocumentTransformer<ContractDocument>();
    });

    public static void UseApiDescription(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.UseWhen(static context => context.Request.Path.StartsWithSegments("/docs"), static page =>
        {
            page.Use(static (context, next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = PagePolicy;
                return next(context);
            });
            page.UseSwaggerUI(static ui =>
            {
                ui.RoutePrefix = "docs";
                ui.DocumentTitle = "Gatehouse API";
                ui.SwaggerEndpoint("/openapi/v1.json", "Gatehouse API");
            });
        });
    }
}
