using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Streams;

/// <summary>What was decided about a connection or a session of datagrams, and what became of it. Logs and metrics read it.</summary>
/// <param name="protocol">tcp, tls or udp.</param>
/// <param name="client">Address of the client.</param>
/// <param name="started">When it came.</param>
internal sealed class StreamRecord(string protocol, string client, long started)
{
    private long _received;
    private long _sent;

    public string Protocol => protocol;

    public string Client => client;

    public long Started => started;

    /// <summary>Name in the TLS handshake; null: none.</summary>
    public string? ServerName { get; set; }

    public ListenerEntry? Listener { get; set; }

    public RuleRuntime? Rule { get; set; }

    public RuleTarget? Target { get; set; }

    public BackendState? Backend { get; set; }

    public EndpointState? Endpoint { get; set; }

    /// <summary>Type of a certificate authority's challenge that it was about; null: none.</summary>
    public string? Challenge { get; set; }

    /// <summary>Why it was refused, or ended before its time; null: both sides said all they wanted to.</summary>
    public StreamFault? Fault { get; set; }

    /// <summary>Whether replies were held back.</summary>
    public bool RepliesDropped { get; set; }

    /// <summary>Bytes from the client.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Bytes to the client.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public void Count(int bytes, bool fromClient) => Interlocked.Add(ref fromClient ? ref _received : ref _sent, bytes);
}
