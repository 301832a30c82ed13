using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Health;
using Gatehouse.DataPlane.Listeners;

namespace Gatehouse.DataPlane.Streams;

/// <summary>Connects a client with an endpoint of the backend that was decided on, and carries bytes between them.</summary>
internal sealed class StreamForwarder(OutboundConnector connector, BackendRegistry backends, TrafficHealth health, RelaySet relays, TimeProvider clock)
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    /// <summary>Connects to the backend; null: that failed, and the record says why.</summary>
    /// <param name="record">What was decided.</param>
    /// <param name="asIs">Whether the client's own TLS goes through, so that there must be none of ours.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IStreamEnd?> ConnectAsync(StreamRecord record, bool asIs, CancellationToken cancellationToken)
    {
        var backend = record.Backend!;
        var tls = asIs ? null : TlsOf(record);
        var tried = new List<EndpointState>(MaxAttempts);
        record.Fault = StreamFault.NoBackend;
        while (tried.Count < MaxAttempts && StreamBalancer.Pick(backend, tried, backend.Entry.MaxConnectionsPerEndpoint) is { } endpoint)
        {
            record.Endpoint = endpoint;
            try
            {
                using var limit = new CancellationTokenSource(ConnectTime, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
                var end = await ConnectAsync(endpoint, tls, either.Token);
                health.Reached(backend, endpoint);
                record.Fault = null;
                return end;
            }
            catch (Exception failure) when (failure is SocketException or IOException or AuthenticationException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                record.Fault = failure is BackendRefusedException ? StreamFault.Refused : StreamFault.Unreachable;
                health.Missed(backend, endpoint, failure is BackendRefusedException refused ? $"the address is {refused.Reason}" : "the connection fails");
                tried.Add(endpoint);
            }
        }
        return null;
    }

    /// <summary>Carries bytes until it is over.</summary>
    public async Task CarryAsync(LiveConnection connection, IStreamEnd client, IStreamEnd backend, ReadOnlyMemory<byte> first, StreamRecord record)
    {
        var relay = new Relay(client, backend, record, clock);
        record.Endpoint!.Health.StreamBegins();
        record.Backend!.Enter();
        relays.Add(relay, connection);
        try
        {
            await using var cut = connection.Cut.UnsafeRegister(static state => ((Relay)state!).End(StreamFault.Cut), relay);
            record.Fault = await relay.RunAsync(first);
        }
        finally
        {
            relays.Remove(relay);
            record.Backend.Leave();
            record.Endpoint.Health.StreamEnds();
        }
    }

    // A route for streams passes on what it gets: https of a Backend is a word on HTTP, and only tls or a BackendTLSPolicy asks for TLS here.
    private BackendTls? TlsOf(StreamRecord record)
    {
        var backend = record.Backend!;
        // What is passed through is TLS between client and backend already.
        var carriesTls = record.Listener!.Tls is { Passthrough: true };
        return carriesTls || (backend.Entry.Tls is null && backend.Entry.Protocol != "tls")
            ? null
            : backends.PathOf(backend, new PathNeeds(IsHttp2: false, record.Listener!.BackendClientCertificate, IsPatient: false)).Client.Tls;
    }

    private async ValueTask<IStreamEnd> ConnectAsync(EndpointState endpoint, BackendTls? tls, CancellationToken cancellationToken)
    {
        var plain = await connector.ConnectAsync(new DnsEndPoint(endpoint.Address, endpoint.Port), cancellationToken);
        plain.Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        return tls is null ? new SocketEnd(plain.Socket) : new TlsEnd(await tls.HandshakeAsync(plain, endpoint.Address, isHttp: false, cancellationToken), plain.Socket);
    }
}
