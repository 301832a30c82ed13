using System.Net;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>A socket of ours that clients reach: one for connections or one for datagrams.</summary>
internal interface IBoundSocket
{
    /// <summary>What is bound.</summary>
    IPEndPoint EndPoint { get; }

    /// <summary>What clients see this socket as; the most specific first.</summary>
    IReadOnlyList<SocketKey> Keys { get; set; }

    /// <summary>Takes clients until the socket is closed.</summary>
    void Start();

    /// <summary>Takes no new clients, gives those that are there some time, then ends them.</summary>
    Task CloseAsync(TimeSpan drain, TimeProvider clock);
}
