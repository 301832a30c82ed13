using Gatehouse.DataPlane.Sessions;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Backends;

/// <summary>One endpoint of a backend. The destination outlives changes of the backend, and with it health and counters.</summary>
/// <param name="Address">IP address or DNS name.</param>
/// <param name="Port">Port.</param>
/// <param name="Weight">Share; 0: takes no traffic.</param>
/// <param name="Destination">YARP's state.</param>
/// <param name="Health">What is known of its health.</param>
internal sealed record EndpointState(string Address, int Port, int Weight, DestinationState Destination, EndpointHealth Health)
{
    private ulong _digest;

    public string Id => Destination.DestinationId;

    /// <summary>What an affinity cookie holds for it; null: no affinity.</summary>
    public string? CookieValue { get; init; }

    /// <summary>What a session's token holds for it.</summary>
    /// <param name="backend">Key of the backend that the endpoint belongs to.</param>
    public ulong DigestIn(string backend) => _digest != 0 ? _digest : _digest = SessionToken.DigestOf(backend, Id);
}
