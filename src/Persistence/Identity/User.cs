using System.Text.Json.Nodes;
using Gatehouse.Persistence.Audit;
using Microsoft.AspNetCore.Identity;

namespace Gatehouse.Persistence.Identity;

/// <summary>A person. Platform admins are the admins and owners of the tenant <c>platform</c>.</summary>
public sealed class User : IdentityUser<Guid>, IAudited
{
    /// <summary>Kind in audit events.</summary>
    public const string Kind = "User";

    /// <summary>Creates a user with a version 7 UUID.</summary>
    public User()
    {
        Id = Guid.CreateVersion7();
        SecurityStamp = Guid.NewGuid().ToString();
    }

    /// <summary>For people.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>A disabled user can neither sign in nor use tokens.</summary>
    public bool Disabled { get; set; }

    /// <summary>Creation.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc />
    (string Kind, string Name) IAudited.AuditKey => (Kind, UserName ?? Id.ToString());

    /// <inheritdoc />
    JsonObject IAudited.AuditView() => new() { ["userName"] = UserName, ["email"] = Email, ["displayName"] = DisplayName, ["disabled"] = Disabled };
}
