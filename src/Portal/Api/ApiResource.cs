using System.Text.Json;

namespace Gatehouse.Portal.Api;

/// <summary>An object of any kind as the REST contract shapes it; <c>spec</c> stays JSON, because a page reads little of it.</summary>
public sealed record ApiResource
{
    /// <summary>Name, unique in tenant and kind.</summary>
    public required string Name { get; init; }

    /// <summary>Tenant that owns it.</summary>
    public string? Tenant { get; init; }

    /// <summary>Grows with each change of <see cref="Spec"/>.</summary>
    public long Generation { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last written.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What its owner wants.</summary>
    public JsonElement? Spec { get; init; }

    /// <summary>How it stands.</summary>
    public ApiStatus? Status { get; init; }
}

/// <summary>Summary status of an object.</summary>
public sealed record ApiStatus
{
    /// <summary>Accepted, ResolvedRefs, Programmed, Live, and what the kind adds.</summary>
    public IReadOnlyList<ApiCondition> Conditions { get; init; } = [];

    /// <summary>Backends: one entry for each endpoint.</summary>
    public IReadOnlyList<ApiEndpoint>? Endpoints { get; init; }
}

/// <summary>One condition.</summary>
/// <param name="Type">For example <c>Accepted</c>.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">CamelCase word for programs.</param>
/// <param name="Message">For people.</param>
/// <param name="ObservedGeneration">Generation that it speaks of.</param>
/// <param name="LastTransitionTime">Since when.</param>
public sealed record ApiCondition(
    string Type, string Status, string? Reason = null, string? Message = null, long? ObservedGeneration = null, DateTimeOffset? LastTransitionTime = null);

/// <summary>One endpoint of a backend.</summary>
/// <param name="Address">IP address or DNS name.</param>
/// <param name="Port">Port.</param>
/// <param name="Healthy">Null while no check has finished.</param>
/// <param name="Message">Why it is not healthy.</param>
public sealed record ApiEndpoint(string Address, int? Port, bool? Healthy, string? Message = null);

/// <summary>One page of a list.</summary>
/// <param name="Items">Objects in order of name.</param>
/// <param name="Continue">Asks for the next page; null on the last.</param>
/// <param name="Remaining">How many objects follow this page, if the API knows.</param>
/// <typeparam name="T">Kind of object.</typeparam>
public sealed record ApiPage<T>(IReadOnlyList<T> Items, string? Continue = null, long? Remaining = null);

/// <summary>Which part of a list to fetch.</summary>
/// <param name="Limit">At most so many objects.</param>
/// <param name="Continue">From a page before.</param>
/// <param name="Search">Part of a name.</param>
public sealed record ListQuery(int Limit, string? Continue = null, string? Search = null);
