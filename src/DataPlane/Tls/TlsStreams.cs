using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Streams;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tls;

/// <summary>Serves connections of TLS listeners: passes them through as they are, or ends TLS and passes on what is inside.</summary>
internal sealed class TlsStreams(ServerHandshakes handshakes, StreamForwarder forwarder, TimeProvider clock)
{
    /// <summary>Serves a connection until it is over; the record says why it was refused.</summary>
    public async Task RunAsync(LiveConnection connection, RouteTable table, ListenerNode<HostRuntime> listener, FirstBytes hello, StreamRecord record)
    {
        record.Fault = StreamRouter.Decide(table, listener, hello.Hello.ServerName ?? "", record);
        if (record.Fault is null && listener.Entry.Tls!.Passthrough)
        {
            if (await forwarder.ConnectAsync(record, asIs: true, connection.Cut) is { } backend)
            {
                await forwarder.CarryAsync(connection, new SocketEnd(connection.Accepted), backend, hello.Bytes, record);
                return;
            }
        }
        else if (record.Fault is null)
        {
            if (handshakes.Of(table, connection.Socket.Keys, listener.Entry, hello.Hello, out var unfit) is { } handshake)
            {
                await TerminateAsync(connection, handshake, hello, record);
                return;
            }
            record.Fault = unfit ?? StreamFault.NoCertificate;
        }
        // Without a backend "the underlying implementation must actively reject connection attempts" (https://gateway-api.sigs.k8s.io/reference/spec/#tlsrouterule);
        // an alert would be an answer in the name of a backend that is not there.
        if (record.Fault == StreamFault.NoRoute || record.Fault == StreamFault.NoCertificate || record.Fault == StreamFault.NoCipherSuite)
            await TlsRefusal.SendAsync(connection.Accepted, record.Fault!, clock);
        else
            SocketEnd.Reset(connection.Accepted);
    }

    private async Task TerminateAsync(LiveConnection connection, SslServerAuthenticationOptions handshake, FirstBytes hello, StreamRecord record)
    {
        await using var stream = new SslStream(new PrefixedStream(new NetworkStream(connection.Accepted), hello.Bytes));
        using (var limit = new CancellationTokenSource(LaneTransport.HandshakeTimeout, clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(connection.Cut, limit.Token))
        {
            try
            {
                await stream.AuthenticateAsServerAsync(handshake, either.Token);
            }
            catch (Exception failure) when (failure is AuthenticationException or IOException or InvalidOperationException or OperationCanceledException)
            {
                record.Fault = StreamFault.HandshakeFailed;
                return;
            }
        }
        if (await forwarder.ConnectAsync(record, asIs: false, connection.Cut) is { } backend)
            await forwarder.CarryAsync(connection, new TlsEnd(stream, connection.Accepted), backend, default, record);
        else
            SocketEnd.Reset(connection.Accepted);
    }
}
