using System.Text.Json;

namespace Gatehouse.Contracts.Api;

/// <summary>Who did something.</summary>
/// <param name="Kind">user, token, bootstrap or system.</param>
/// <param name="Name">Email address or token name.</param>
/// <param name="Id">Id of the user or token.</param>
public sealed record ActorView(string Kind, string Name, Guid? Id = null);

/// <summary>One event of the audit log.</summary>
public sealed record AuditView
{
    /// <summary>Identity.</summary>
    public required Guid Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required ActorView Actor { get; init; }

    /// <summary>What was done, such as <c>create</c>, <c>update</c>, <c>delete</c>, <c>approve</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Kind of the object.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the object.</summary>
    public required string Name { get; init; }

    /// <summary>Tenant of the object; absent for the platform's.</summary>
    public string? Tenant { get; init; }

    /// <summary>Revision that the write made.</summary>
    public long? Revision { get; init; }

    /// <summary>Finds the request in logs and traces.</summary>
    public string? TraceId { get; init; }
}

/// <summary>One committed write.</summary>
public sealed record RevisionView
{
    /// <summary>Number; grows in commit order over all tenants.</summary>
    public required long Revision { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required ActorView Actor { get; init; }

    /// <summary>What changed.</summary>
    public required IReadOnlyList<RevisionChangeView> Changes { get; init; }
}

/// <summary>One changed object.</summary>
public sealed record RevisionChangeView
{
    /// <summary>created, updated or deleted.</summary>
    public required string Action { get; init; }

    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>The object before; absent when it was created.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The object after; absent when it was deleted.</summary>
    public JsonElement? After { get; init; }
}
