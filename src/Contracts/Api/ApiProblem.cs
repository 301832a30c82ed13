namespace Gatehouse.Contracts.Api;

/// <summary>An error as REST reports it: <c>application/problem+json</c> (RFC 9457) with a stable <see cref="Code"/>.</summary>
public sealed record ApiProblem
{
    /// <summary>URI reference of the kind of problem: <c>urn:gatehouse:problem:CODE</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in words; the same for every occurrence.</summary>
    public required string Title { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened here, and what to change.</summary>
    public string? Detail { get; init; }

    /// <summary>Stable code for programs, such as <c>hostname_taken</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong with the request, field by field.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>Objects that reference the one that cannot be deleted.</summary>
    public IReadOnlyList<ObjectReference>? Referrers { get; init; }

    /// <summary>Conditions at the end of a wait.</summary>
    public IReadOnlyList<ObjectCondition>? Conditions { get; init; }

    /// <summary>What became of the objects of a strict import that was refused.</summary>
    public IReadOnlyList<ImportedObject>? Objects { get; init; }

    /// <summary>Line of a syntax error, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>Column (byte in the line) of a syntax error, from 1.</summary>
    public long? Column { get; init; }

    /// <summary>Finds the request in logs and traces.</summary>
    public string? TraceId { get; init; }
}

/// <summary>One wrong field.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) into the request's body; for a query parameter or header its name after <c>?</c> or <c>@</c>.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Message">What to change.</param>
public sealed record FieldError(string Pointer, string Code, string Message);

/// <summary>Names an object.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Tenant">Tenant.</param>
/// <param name="Name">Name.</param>
public sealed record ObjectReference(string Kind, string Tenant, string Name);
