using System.Text.Json;
using Gatehouse.Api.Preconditions;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Validation;
using Gatehouse.Persistence.Resources;

namespace Gatehouse.Api.Resources;

/// <summary>Between rows and documents.</summary>
internal static class ResourceMapping
{
    /// <summary>The document of a row.</summary>
    public static ApiObject<TSpec> ToDocument<TSpec>(this ResourceEntity entity, string? tenant, ObjectStatus? status)
        where TSpec : class => new()
        {
            Name = entity.Name,
            Tenant = tenant,
            Id = entity.Id,
            Labels = entity.Labels,
            Annotations = entity.Annotations,
            Spec = (TSpec)entity.ReadSpec(),
            Status = status,
            Generation = entity.Generation,
            CreatedAt = entity.CreatedAt,
            UpdatedAt = entity.UpdatedAt,
        };

    /// <summary>The typed spec of a row.</summary>
    public static object ReadSpec(this ResourceEntity entity)
    {
        using var document = JsonDocument.Parse(entity.Spec);
        return SpecJson.Read(entity.Kind, document.RootElement);
    }

    /// <summary>The text that a spec is stored as; equal specs give equal texts.</summary>
    public static string WriteSpec(object spec) => SpecJson.Write(spec).GetRawText();

    /// <summary>Strong tag: grows on spec, labels and annotations, never on status.</summary>
    public static string ETag(this ResourceEntity entity) => EntityTags.Of(entity.Id, entity.Version);

    /// <summary>What a merge patch applies to: the parts that a user owns.</summary>
    public static JsonElement ToPatchTarget(this ResourceEntity entity) => JsonSerializer.SerializeToElement(new
    {
        name = entity.Name,
        labels = entity.Labels,
        annotations = entity.Annotations,
        spec = SpecJson.Write(entity.ReadSpec()),
    });
}
