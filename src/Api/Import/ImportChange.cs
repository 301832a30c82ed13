using System.Text.Json;
using Gatehouse.Api.Resources;
using Gatehouse.Gateway.Manifests;
using Gatehouse.Persistence.Resources;

namespace Gatehouse.Api.Import;

/// <summary>What differs between a stored object and an imported one.</summary>
/// <param name="Resource">The imported one.</param>
/// <param name="Owner">Who imports.</param>
/// <param name="Before">The stored spec; null: there is none, or this version cannot read it.</param>
/// <param name="Spec">Whether the specs differ.</param>
/// <param name="Labels">Whether the labels differ.</param>
/// <param name="Annotations">Whether the annotations differ.</param>
/// <param name="Ownership">Whether the object belongs to somebody else, or to nobody.</param>
internal sealed record ImportChange(ManifestResource Resource, ImportOwner Owner, object? Before, bool Spec, bool Labels, bool Annotations, bool Ownership)
{
    public bool IsNothing => !(Spec || Labels || Annotations || Ownership);

    /// <summary>Whether the content is the same, whoever owns it.</summary>
    public bool IsSameContent => !(Spec || Labels || Annotations);

    public static ImportChange Of(ResourceEntity? row, ManifestResource resource, ImportOwner owner)
    {
        var before = row is null ? null : SpecOf(row);
        return new ImportChange(
            resource,
            owner,
            before,
            before is null || ResourceMapping.WriteSpec(before) != ResourceMapping.WriteSpec(resource.Spec),
            row is null || !StringMaps.Same(row.Labels, resource.Labels),
            row is null || !StringMaps.Same(row.Annotations, resource.Annotations),
            row?.Owner != owner);
    }

    /// <summary>The stored spec; null: this version cannot read it.</summary>
    public static object? SpecOf(ResourceEntity row)
    {
        try
        {
            return row.ReadSpec();
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Changes only what differs; the generation grows with the spec alone.</summary>
    public void Apply(ResourceEntity entity, DateTimeOffset now)
    {
        if (Spec)
            (entity.Spec, entity.Generation) = (ResourceMapping.WriteSpec(Resource.Spec), entity.Generation + 1);
        if (Labels)
            entity.Labels = Resource.Labels;
        if (Annotations)
            entity.Annotations = Resource.Annotations;
        entity.Owner = Owner;
        entity.UpdatedAt = now;
    }
}
