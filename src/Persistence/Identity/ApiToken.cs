using System.Text.Json.Nodes;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Persistence.Identity;

/// <summary>An API token: only its hash is stored. It is deleted with the membership of the user, and with the token, that issued it.</summary>
public sealed class ApiToken : ITenantOwned, IAudited
{
    /// <summary>Kind in audit events.</summary>
    public const string Kind = "Token";

    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Version 7 UUID.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Unique in the tenant.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="Identity.Role"/>; what counts is the lower of this and the issuer's present role.</summary>
    public required string Role { get; set; }

    /// <summary>SHA-256 of the token.</summary>
    public required byte[] TokenHash { get; set; }

    /// <summary>The member who issued it; null: issued by Gatehouse itself (the bootstrap admin token) or by such a token.</summary>
    public Guid? IssuerId { get; init; }

    /// <summary>The token of this tenant that it was issued with, and is deleted with; null: it was issued otherwise.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>End of validity; null: none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Last use, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Creation.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc />
    (string Kind, string Name) IAudited.AuditKey => (Kind, Name);

    /// <inheritdoc />
    JsonObject IAudited.AuditView() => new() { ["id"] = Id.ToString(), ["role"] = Role, ["expiresAt"] = ExpiresAt?.ToString("O") };
}
