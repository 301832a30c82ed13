using System.Text.Json.Nodes;
using Gatehouse.Persistence.Audit;

namespace Gatehouse.Persistence.Tenancy;

/// <summary>A team, which is also a Gateway API namespace. A platform table: every request finds its tenant here before it has one.</summary>
public sealed class Tenant : IAudited
{
    /// <summary>Kind in audit events and revision changes.</summary>
    public const string Kind = "Tenant";

    /// <summary>Version 7 UUID.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>DNS label; unique.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>Answer <c>allowedRoutes</c> selectors; only platform admins set them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    /// <summary>What the values that prove its names are derived from; the database draws it. It is no part of any of them that could be read back.</summary>
    public Guid ProofKey { get; init; }

    /// <summary>Creation.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last change.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Row version (<c>xmin</c>).</summary>
    public uint Version { get; init; }

    /// <inheritdoc />
    (string Kind, string Name) IAudited.AuditKey => (Kind, Name);

    /// <inheritdoc />
    JsonObject IAudited.AuditView() => new() { ["displayName"] = DisplayName, ["labels"] = AuditJson.Of(Labels) };
}
