using Gatehouse.Api.Certificates;
using Gatehouse.Api.Clusters;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gatehouse.Api.OpenApi;

/// <summary>What the types alone do not say: who owns a field, and that nothing unknown is taken.</summary>
internal sealed class ContractSchemas : IOpenApiSchemaTransformer
{
    /// <summary>Names may be left out of a PUT; the server owns the rest.</summary>
    private static readonly string[] ServerOwned = ["tenant", "id", "status", "generation", "createdAt", "updatedAt", "issuer", "token"];

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(MergePatch))
            schema.Description = "A JSON merge patch (RFC 7396) of the object: what it names is replaced, null removes.";
        if (schema.Type?.HasFlag(JsonSchemaType.Array) == true)
            schema.Items ??= new OpenApiSchema { Description = "Any JSON." };
        foreach (var (name, property) in schema.Properties?.ToList() ?? [])
            schema.Properties![name] = WithoutNull(property);
        if (type == typeof(CertificateInput))
            MarkWriteOnly(schema, CertificateInput.SecretFields);
        if (type == typeof(CertificateSpec) && schema.Properties?["managedFor"] is OpenApiSchema managedFor)
            managedFor.ReadOnly = true;
        if (type == typeof(ClusterInput))
            MarkWriteOnly(schema, [ClusterInput.SecretField]);
        if (context.JsonPropertyInfo is null && IsWritable(type))
            MarkOwners(schema);
        return Task.CompletedTask;
    }

    /// <summary>Absent fields are left out of answers; null is never written.</summary>
    private static IOpenApiSchema WithoutNull(IOpenApiSchema property)
    {
        if (property is not OpenApiSchema schema)
            return property;
        if (schema.OneOf?.Where(static choice => choice.Type != JsonSchemaType.Null).ToList() is [var only])
            return only;
        schema.Type &= ~JsonSchemaType.Null;
        return schema;
    }

    private static void MarkWriteOnly(OpenApiSchema schema, IEnumerable<string> names)
    {
        foreach (var property in names.Select(name => schema.Properties?[name]).OfType<OpenApiSchema>())
            property.WriteOnly = true;
    }

    private static void MarkOwners(OpenApiSchema schema)
    {
        schema.Required?.Remove("name");
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (property is not OpenApiSchema own)
                continue;
            own.ReadOnly = ServerOwned.Contains(name);
            own.WriteOnly = name == "password";
        }
    }

    private static bool IsWritable(Type type) =>
        (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ApiObject<>))
        || type == typeof(TenantView) || type == typeof(MemberView) || type == typeof(ApiTokenView) || type == typeof(UserView);
}
