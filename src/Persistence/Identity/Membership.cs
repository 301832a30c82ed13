using System.Text.Json.Nodes;
using Gatehouse.Persistence.Audit;
using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Persistence.Identity;

/// <summary>A user in a tenant, with a role.</summary>
public sealed class Membership : ITenantOwned, IAudited
{
    /// <summary>Kind in audit events.</summary>
    public const string Kind = "Member";

    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>The user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>One of <see cref="Identity.Role"/>.</summary>
    public required string Role { get; set; }

    /// <summary>Creation.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Row version (<c>xmin</c>).</summary>
    public uint Version { get; init; }

    /// <summary>The user.</summary>
    public User? User { get; init; }

    /// <inheritdoc />
    (string Kind, string Name) IAudited.AuditKey => (Kind, UserId.ToString());

    /// <inheritdoc />
    JsonObject IAudited.AuditView() => new() { ["role"] = Role };
}
