namespace Gatehouse.Contracts.Feed;

/// <summary>What a data plane reports after each applied or refused change, when its sockets or backends change state, and every few seconds.</summary>
public sealed record Acknowledgement
{
    /// <summary>Stable name of the replica.</summary>
    public required string Replica { get; init; }

    /// <summary>Pool that it serves.</summary>
    public required string Pool { get; init; }

    /// <summary>Product version.</summary>
    public required string Version { get; init; }

    /// <summary>Start of the process, to tell a restart.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Revision that is in force; 0: none.</summary>
    public required long AppliedRevision { get; init; }

    /// <summary>Hash that is in force.</summary>
    public string? AppliedHash { get; init; }

    /// <summary>Entries that were refused, with the reason; the rest of the change was applied.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>A change that is held (unexplained loss), in words; null: none.</summary>
    public string? Held { get; init; }

    /// <summary>All sockets that should be bound.</summary>
    public IReadOnlyList<SocketReport> Sockets { get; init; } = [];

    /// <summary>Whether it serves HTTP/3; null: an older version, which does not say.</summary>
    public Http3Report? Http3 { get; init; }

    /// <summary>Backends whose health changed since the last report that was taken; all of them if <see cref="FullHealth"/>.</summary>
    public IReadOnlyList<BackendReport> Backends { get; init; } = [];

    /// <summary>Whether <see cref="Backends"/> is complete.</summary>
    public bool FullHealth { get; init; }
}

/// <summary>Whether HTTP/3 (RFC 9114) is served.</summary>
/// <param name="Supported">Whether it is.</param>
/// <param name="Reason">Why not.</param>
public sealed record Http3Report(bool Supported, string? Reason = null);

/// <summary>A refused entry.</summary>
/// <param name="Table">Table of the entry.</param>
/// <param name="Key">Key of the entry.</param>
/// <param name="Reason">Why.</param>
public sealed record Refusal(string Table, string Key, string Reason);

/// <summary>State of one socket.</summary>
/// <param name="Address">Bound IP address.</param>
/// <param name="Port">Listener port.</param>
/// <param name="BoundPort">Port that is bound.</param>
/// <param name="Bound">Whether it accepts connections.</param>
/// <param name="Error">Why not.</param>
/// <param name="Udp">Whether it takes datagrams.</param>
/// <param name="IsDefault">Whether the data plane chose the address: that of Gateways that ask for none.</param>
public sealed record SocketReport(string Address, int Port, int BoundPort, bool Bound, string? Error = null, bool Udp = false, bool IsDefault = false);

/// <summary>Health of one backend.</summary>
/// <param name="Key">Backend key.</param>
/// <param name="Endpoints">One entry for each endpoint.</param>
public sealed record BackendReport(string Key, IReadOnlyList<EndpointReport> Endpoints);

/// <summary>Health of one endpoint.</summary>
/// <param name="Address"><c>address:port</c>.</param>
/// <param name="Health">healthy, unhealthy or unknown (not probed yet).</param>
/// <param name="Reason">Why it is not healthy.</param>
public sealed record EndpointReport(string Address, string Health, string? Reason = null);

/// <summary>Answer to an acknowledgement.</summary>
/// <param name="SendFullHealth">The control plane knows nothing of this replica's backends yet: send them all.</param>
public sealed record AcknowledgementReply(bool SendFullHealth = false);
