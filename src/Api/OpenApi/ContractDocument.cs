using Gatehouse.Contracts.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gatehouse.Api.OpenApi;

/// <summary>What the document says as a whole.</summary>
internal sealed class ContractDocument : IOpenApiDocumentTransformer
{
    private const string Scheme = "token";

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Tenants", "Tenants: teams, which are Gateway API namespaces."),
        ("Hostnames", "Claims on DNS names."),
        ("Routes", "Where requests go."),
        ("Backends", "Where traffic goes: Backends, imported Services, and how connections to them are secured."),
        ("Certificates", "What is shown to clients and backends, and whom to trust."),
        ("Gateways", "Gateways and ListenerSets."),
        ("Grants", "Permission for other tenants to reference what is yours."),
        ("Tokens", "API tokens."),
        ("Members", "Who belongs to a tenant, with which role."),
        ("History", "What was done, by whom."),
        ("Explain", "What a request would get, and why."),
        ("Import and export", "Gateway API manifests in and out, with a verdict for each object."),
        ("Clusters", "For platform admins: Kubernetes clusters, and which Namespaces tenants have there."),
        ("Platform", "For platform admins: classes, users, data planes."),
        ("Identity", "Signing in and out."),
    ];

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Gatehouse API",
            Version = "v1",
            Description = "Manage hostnames, routes, backends and gateways. `spec` of Gateway API kinds is upstream's `spec`, field for field. "
                + "Every write takes `?dryRun=true`; every failure is a problem document (RFC 9457) with a stable `code`.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
            Contact = new OpenApiContact { Name = "Gatehouse", Url = new Uri("https://gatehouse.dev") },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This installation." }];
        document.Tags = new HashSet<OpenApiTag>(Tags.Select(static tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
        document.AddComponent("ApiProblem", await context.GetOrCreateSchemaAsync(typeof(ApiProblem), null, cancellationToken));
        Problems.AddTo(document);
        document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API token (`gh_…`), or the token of a session that `/auth/login` opened (`ghs_…`).",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
    }
}
