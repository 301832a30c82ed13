using System.Text.Json.Nodes;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Persistence.Resources;

/// <summary>A stored object of any kind of <see cref="Gateway.Resources.ResourceKind"/>: one table for all of them.</summary>
public sealed class ResourceEntity : ITenantOwned, IAudited
{
    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Version 7 UUID.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Unique in (tenant, kind).</summary>
    public required string Name { get; init; }

    /// <summary>Labels; replace the map, do not change it.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    /// <summary>Annotations; replace the map, do not change it.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; set; } = new Dictionary<string, string>();

    /// <summary>The spec as JSON text.</summary>
    public required string Spec { get; set; }

    /// <summary>Grows only when the spec changes; starts at 1.</summary>
    public long Generation { get; set; } = 1;

    /// <summary>Creation; survives replacement.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last change.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Who imported it and updates it by import; null: nobody, it is edited by hand.</summary>
    public ImportOwner? Owner
    {
        get => ManagedScope is { } scope && ManagedSource is { } source ? new ImportOwner(scope, source) : null;
        set => (ManagedScope, ManagedSource) = (value?.Scope, value?.Source);
    }

    /// <summary>Column of <see cref="ImportOwner.Scope"/>.</summary>
    internal string? ManagedScope { get; set; }

    /// <summary>Column of <see cref="ImportOwner.Source"/>.</summary>
    internal string? ManagedSource { get; set; }

    /// <summary>Row version (<c>xmin</c>).</summary>
    public uint Version { get; init; }

    /// <inheritdoc />
    (string Kind, string Name) IAudited.AuditKey => (Kind, Name);

    /// <inheritdoc />
    JsonObject IAudited.AuditView()
    {
        var view = new JsonObject
        {
            ["labels"] = AuditJson.Of(Labels),
            ["annotations"] = AuditJson.Of(Annotations),
            ["spec"] = AuditJson.Parse(Spec),
            ["generation"] = Generation,
        };

        // The compiler reads it, so a change of it alone is a revision too.
        if (Owner is { } owner)
            view["importedBy"] = owner.ToString();
        return view;
    }
}
