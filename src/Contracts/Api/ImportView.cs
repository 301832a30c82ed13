namespace Gatehouse.Contracts.Api;

/// <summary>What an import did, object by object.</summary>
public sealed record ImportView
{
    /// <summary>Every object of the import, in its order; tenants that were created for namespaces come last.</summary>
    public required IReadOnlyList<ImportedObject> Objects { get; init; }

    /// <summary>Objects that the same source imported before and that are absent now: they were deleted.</summary>
    public required IReadOnlyList<ObjectReference> Pruned { get; init; }

    /// <summary>Counts.</summary>
    public required ImportSummary Summary { get; init; }

    /// <summary>Whether nothing was changed because that was asked for.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What became of one object.</summary>
public sealed record ImportedObject
{
    /// <summary>Kind as it was written.</summary>
    public required string Kind { get; init; }

    /// <summary>Namespace, which is the tenant; absent for what lies in none.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>exact, approximate (stored, with a difference), refused (not stored: something has to change) or ignored (nothing to do).</summary>
    public required string Verdict { get; init; }

    /// <summary>Reasons, and what to do; with JSON Pointers into the object.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>created, updated, unchanged or none.</summary>
    public required string Action { get; init; }

    /// <summary>Line that the object begins at.</summary>
    public int? Line { get; init; }
}

/// <summary>Counts of an import.</summary>
public sealed record ImportSummary
{
    /// <summary>Objects that mean here what they meant there.</summary>
    public required int Exact { get; init; }

    /// <summary>Objects that were stored with a difference.</summary>
    public required int Approximate { get; init; }

    /// <summary>Objects that were not stored.</summary>
    public required int Refused { get; init; }

    /// <summary>Objects with nothing to do for.</summary>
    public required int Ignored { get; init; }

    /// <summary>Objects that are new.</summary>
    public required int Created { get; init; }

    /// <summary>Objects that changed.</summary>
    public required int Updated { get; init; }

    /// <summary>Objects that were there as they are.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Objects that were deleted.</summary>
    public required int Pruned { get; init; }
}
