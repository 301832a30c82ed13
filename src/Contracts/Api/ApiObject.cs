namespace Gatehouse.Contracts.Api;

/// <summary>An object as REST shows it. A request may carry all of it: what the server owns is ignored.</summary>
/// <typeparam name="TSpec">Spec of the kind; a reader that only passes it on uses <see cref="System.Text.Json.JsonElement"/>.</typeparam>
public sealed record ApiObject<TSpec>
{
    /// <summary>Name, unique in the tenant and kind. Hostnames are named by their DNS name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the tenant that owns the object; absent on objects of the whole platform. Server-owned.</summary>
    public string? Tenant { get; init; }

    /// <summary>Stable identity; a re-created object gets a new one. Server-owned.</summary>
    public Guid? Id { get; init; }

    /// <summary>Labels, as in Kubernetes; answer label selectors.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Annotations, as in Kubernetes.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>What is wanted, as it was written: defaults are not filled in.</summary>
    public required TSpec Spec { get; init; }

    /// <summary>What is. Server-owned.</summary>
    public ObjectStatus? Status { get; init; }

    /// <summary>Answers to writes: what was accepted and can still not do what its author must have meant, for example matches that never win. Server-owned.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>Grows only when the spec changes; starts at 1. Server-owned.</summary>
    public long? Generation { get; init; }

    /// <summary>Creation time; survives replacement. Server-owned.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Time of the last change of spec, labels or annotations. Server-owned.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}
