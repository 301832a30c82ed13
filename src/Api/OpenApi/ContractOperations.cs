using System.Globalization;
using System.Text.Json.Nodes;
using Gatehouse.Api.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gatehouse.Api.OpenApi;

/// <summary>What every operation says beyond its types: parameters that handlers read by themselves, who may call it, and which problems it answers with.</summary>
internal sealed class ContractOperations : IOpenApiOperationTransformer
{
    private static readonly Dictionary<string, string> PathParameters = new(StringComparer.Ordinal)
    {
        ["tenant"] = "Name of the tenant.",
        ["name"] = "Name of the object; a wildcard hostname may stand literally or percent-encoded.",
        ["revision"] = "Number of the revision.",
        ["cluster"] = "Name of the cluster.",
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var requirement = metadata.OfType<AccessRequirement>().LastOrDefault();
        AddParameters(operation, context, metadata.OfType<ParameterNote>());
        operation.Description = Describe(requirement);
        if (requirement is null or { Scope: AccessScope.Anyone })
            operation.Security = [];
        AddProblems(operation, context, requirement);
        AddExample(operation);
        AddHeaders(operation);
        return Task.CompletedTask;
    }

    private static void AddParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context, IEnumerable<ParameterNote> notes)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            if (parameter is { In: ParameterLocation.Path, Name: { } name })
                parameter.Description = PathParameters.GetValueOrDefault(name);
        }

        // A group's {tenant} that a handler does not ask for by itself is part of the path all the same.
        if ((context.Description.RelativePath ?? "").Contains("{tenant}", StringComparison.Ordinal) && !operation.Parameters.Any(static parameter => parameter.Name == "tenant"))
        {
            operation.Parameters.Insert(0, new OpenApiParameter
            {
                Name = "tenant",
                In = ParameterLocation.Path,
                Required = true,
                Description = PathParameters["tenant"],
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
        foreach (var note in notes)
            operation.Parameters.Add(ToParameter(note));
    }

    private static OpenApiParameter ToParameter(ParameterNote note) => new()
    {
        Name = note.Name,
        In = note.Place == ParameterPlace.Query ? ParameterLocation.Query : ParameterLocation.Header,
        Description = note.Description,
        Schema = new OpenApiSchema
        {
            Type = note.Type switch
            {
                "integer" => JsonSchemaType.Integer,
                "boolean" => JsonSchemaType.Boolean,
                _ => JsonSchemaType.String,
            },
        },
        Example = note.Type switch
        {
            "integer" => JsonValue.Create(int.Parse(note.Example, CultureInfo.InvariantCulture)),
            "boolean" => JsonValue.Create(true),
            _ => JsonValue.Create(note.Example),
        },
    };

    private static string Describe(AccessRequirement? requirement) => requirement switch
    {
        null or { Scope: AccessScope.Anyone } => "Needs no token.",
        { Scope: AccessScope.SignedIn } => "Needs any working token.",
        { PlatformAdmin: true } => "Needs a platform admin.",
        { TenantMayBeMissing: true } => $"Needs the role {requirement.Role} in the tenant; creating one needs a platform admin.",
        _ => $"Needs the role {requirement.Role} in the tenant.",
    };

    private static void AddProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context, AccessRequirement? requirement)
    {
        operation.Responses ??= [];
        foreach (var status in Statuses(operation, context, requirement))
            operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponseReference(Problems.NameOf(status), context.Document));
    }

    private static IEnumerable<int> Statuses(OpenApiOperation operation, OpenApiOperationTransformerContext context, AccessRequirement? requirement)
    {
        var anyone = requirement is null or { Scope: AccessScope.Anyone };
        var write = context.Description.HttpMethod != HttpMethods.Get;
        var asksWorker = context.Description.ActionDescriptor.EndpointMetadata.OfType<WorkerNote>().Any();
        bool Takes(string name) => operation.Parameters?.Any(parameter => parameter.Name == name) == true;
        yield return 401;
        if (!anyone && (requirement!.Scope != AccessScope.SignedIn || asksWorker))
            yield return 403;
        if (operation.Parameters?.Any(static parameter => parameter.In == ParameterLocation.Path) == true)
            yield return 404;
        if (operation.RequestBody is not null)
        {
            yield return 400;
            yield return 413;
            yield return 415;
        }
        if ((write && !anyone) || asksWorker)
            yield return 409;
        if (Takes("If-Match"))
            yield return 412;
        if (write || Takes("limit") || Takes("waitFor") || asksWorker)
            yield return 422;
        if (Takes("waitFor") || asksWorker)
            yield return 504;
        yield return 429;
        yield return 503;
    }

    private static void AddExample(OpenApiOperation operation)
    {
        if (operation.RequestBody?.Content is not { } content || Examples.Of(operation.OperationId ?? "") is not { } example)
            return;
        foreach (var media in content.Values)
            media.Example = example.DeepClone();
    }

    private static void AddHeaders(OpenApiOperation operation)
    {
        var tagged = operation.Parameters?.Any(static parameter => parameter.Name is "If-Match" or "waitFor" or "Idempotency-Key") == true;
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (!tagged || status is not ("200" or "201") || response is not OpenApiResponse answer)
                continue;
            answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
            answer.Headers["ETag"] = new OpenApiHeader
            {
                Description = "Version of the object, for If-Match.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
    }
}
