using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Persistence.Audit;

/// <summary>Who did what to which object. Append-only: the runtime's role may insert and read, nothing else.</summary>
public sealed class AuditEvent : ITenantOwned
{
    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Version 7 UUID: ordered by time.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>When.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>user, token or system.</summary>
    public required string ActorKind { get; init; }

    /// <summary>Id of the user or token.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The actor for people.</summary>
    public required string ActorName { get; init; }

    /// <summary>create, update, delete or the name of an action (approve, verify …).</summary>
    public required string Verb { get; init; }

    /// <summary>Kind of the object.</summary>
    public required string ObjectKind { get; init; }

    /// <summary>Name of the object.</summary>
    public required string ObjectName { get; init; }

    /// <summary>JSON object before; null for a creation.</summary>
    public string? Before { get; init; }

    /// <summary>JSON object after; null for a deletion.</summary>
    public string? After { get; init; }

    /// <summary>Trace or request id.</summary>
    public required string RequestId { get; init; }
}

/// <summary>Verbs of audit events and revision changes.</summary>
public static class AuditVerb
{
    /// <summary>The object is new.</summary>
    public const string Create = "create";

    /// <summary>The object changed.</summary>
    public const string Update = "update";

    /// <summary>The object is gone.</summary>
    public const string Delete = "delete";

    /// <summary>A platform admin confirmed deletions that a sync worker held.</summary>
    public const string Prune = "prune";

    /// <summary>A platform admin approved a hostname.</summary>
    public const string Approve = "approve";

    /// <summary>A certificate is to be revoked.</summary>
    public const string Revoke = "revoke";

    /// <summary>An authority revoked a certificate.</summary>
    public const string Revoked = "revoked";

    /// <summary>A certificate came to its end before an authority revoked it.</summary>
    public const string RevocationExpired = "revocation-expired";

    /// <summary>A platform admin gave the account at an authority another key.</summary>
    public const string Rollover = "rollover";

    /// <summary>A certificate came near to its end.</summary>
    public const string ExpiresSoon = "expires-soon";
}
