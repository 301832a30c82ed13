using System.Net.Sockets;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Streams;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// Looks at the ClientHello of a connection and decides by the name in it: the listener that takes the name ends TLS here or lets it
/// through, so both share a port.
/// </summary>
internal sealed partial class TlsFront(CurrentTable tables, ServerHandshakes handshakes, LaneTransport lanes, TimeProvider clock, ILogger<TlsFront> log)
{
    public async Task RunAsync(LiveConnection connection)
    {
        var handedOver = false;
        try
        {
            var hello = await ReadAsync(connection);
            if (hello.Fault is { } unread)
            {
                await RefuseAsync(connection, unread);
                return;
            }
            var table = tables.Current;
            if (ListenerOf(table, connection, hello.ServerName) is not { } listener)
                await RefuseAsync(connection, StreamFault.NoListener);
            else if (listener.Entry.Protocol != "HTTPS")
                await RefuseAsync(connection, StreamFault.NoRoute);
            else if (handshakes.Of(table, listener.Entry, hello.ServerName) is not { } handshake)
                await RefuseAsync(connection, StreamFault.NoCertificate);
            else
            {
                connection.Listener = listener.Entry.Id;
                handedOver = true;
                lanes.Enter(connection, new ConnectionOrigin(connection) { TlsListener = listener.Entry.Id, ServerName = hello.ServerName, Handshake = handshake }, hello.Bytes);
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or the connection was cut.
        }
        catch (Exception failure)
        {
            Log.Failed(log, failure);
        }
        finally
        {
            if (!handedOver)
                connection.Dispose();
        }
    }

    private async ValueTask<FirstBytes> ReadAsync(LiveConnection connection)
    {
        using var timeout = new CancellationTokenSource(LaneTransport.HandshakeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(connection.Cut, timeout.Token);
        try
        {
            return await FirstBytes.ReadAsync(connection.Accepted, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new FirstBytes([], null, StreamFault.HelloTimeout);
        }
    }

    // A name leads to the most specific listener of the socket, no name to the one without a hostname
    // (https://gateway-api.sigs.k8s.io/reference/spec/#listener).
    private static ListenerNode<HostRuntime>? ListenerOf(RouteTable table, LiveConnection connection, string? serverName)
    {
        MatchResolver.FindListener(table.Listeners, connection.Socket.Keys, serverName ?? "", tlsListener: null, out var listener);
        return listener is { Entry.Tls: not null } ? listener : null;
    }

    private async ValueTask RefuseAsync(LiveConnection connection, StreamFault fault)
    {
        if (fault == StreamFault.ClientGone)
            return;
        Log.Refused(log, connection.Socket.EndPoint, fault.Code);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), clock);
        byte[] alert = [21, 3, 3, 0, 2, 2, (byte)fault.Alert];
        await connection.Accepted.SendAsync(alert, SocketFlags.None, limit.Token);
        connection.Accepted.Shutdown(SocketShutdown.Both);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "A TLS connection to {EndPoint} is refused: {Reason}.")]
        public static partial void Refused(ILogger logger, System.Net.IPEndPoint endPoint, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "A TLS connection failed in the gateway.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
