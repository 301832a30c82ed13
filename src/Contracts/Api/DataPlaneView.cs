namespace Gatehouse.Contracts.Api;

/// <summary>A data-plane replica, as it last reported.</summary>
public sealed record DataPlaneView
{
    /// <summary>Name of the replica.</summary>
    public required string Name { get; init; }

    /// <summary>Pool that it serves.</summary>
    public required string Pool { get; init; }

    /// <summary>Product version.</summary>
    public required string Version { get; init; }

    /// <summary>Whether it reported lately enough to count.</summary>
    public required bool Connected { get; init; }

    /// <summary>Last report.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Start of its process.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Revision in force; 0: none.</summary>
    public required long AppliedRevision { get; init; }

    /// <summary>Entries that it refused.</summary>
    public IReadOnlyList<DataPlaneRefusal> Refusals { get; init; } = [];

    /// <summary>A change that it holds because it would lose too much without an explanation; absent: none.</summary>
    public string? Held { get; init; }

    /// <summary>Sockets that should be bound.</summary>
    public IReadOnlyList<DataPlaneSocket> Sockets { get; init; } = [];

    /// <summary>Whether it serves HTTP/3; absent: it did not say.</summary>
    public DataPlaneHttp3? Http3 { get; init; }
}

/// <summary>Whether HTTP/3 (RFC 9114) is served.</summary>
/// <param name="Supported">Whether it is.</param>
/// <param name="Reason">Why not.</param>
public sealed record DataPlaneHttp3(bool Supported, string? Reason = null);

/// <summary>A refused entry.</summary>
/// <param name="Table">Table.</param>
/// <param name="Key">Key.</param>
/// <param name="Reason">Why.</param>
public sealed record DataPlaneRefusal(string Table, string Key, string Reason);

/// <summary>State of one socket.</summary>
/// <param name="Address">IP address.</param>
/// <param name="Port">Listener port.</param>
/// <param name="BoundPort">Port that is bound.</param>
/// <param name="Bound">Whether it accepts connections.</param>
/// <param name="Error">Why not.</param>
public sealed record DataPlaneSocket(string Address, int Port, int BoundPort, bool Bound, string? Error = null);
