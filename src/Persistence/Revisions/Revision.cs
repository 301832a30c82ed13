using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Persistence.Revisions;

/// <summary>
/// One committed transaction as one tenant sees it. Numbers grow in commit order over all tenants; a transaction that touches
/// several tenants leaves one row of the same number in each.
/// </summary>
public sealed class Revision : ITenantOwned
{
    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Position in commit order, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>Trace or request id.</summary>
    public required string RequestId { get; init; }

    /// <summary>What changed.</summary>
    public IReadOnlyList<RevisionChange> Changes { get; init; } = new List<RevisionChange>();
}

/// <summary>One object that a revision changed.</summary>
public sealed class RevisionChange : ITenantOwned
{
    /// <inheritdoc />
    public required Guid TenantId { get; init; }

    /// <summary>Number of the revision.</summary>
    public required long Revision { get; init; }

    /// <summary>The audit event, which has the actor and both versions.</summary>
    public required Guid AuditEventId { get; init; }

    /// <summary>Kind of the object.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the object.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="Audit.AuditVerb"/>.</summary>
    public required string Verb { get; init; }
}

/// <summary>The number of the newest revision; one row.</summary>
public sealed class RevisionHead
{
    /// <summary>Always true: there is one row.</summary>
    public bool Singleton { get; init; } = true;

    /// <summary>Number of the newest revision; 0: none.</summary>
    public long Number { get; init; }
}
