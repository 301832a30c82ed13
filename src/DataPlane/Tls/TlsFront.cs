using System.Net.Sockets;
using Gatehouse.DataPlane.Challenges;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Streams;
using Gatehouse.DataPlane.Telemetry;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// Looks at the ClientHello of a connection and decides by the name in it: the listener that takes the name ends TLS here or lets it
/// through, so both share a port.
/// </summary>
internal sealed partial class TlsFront(
    CurrentTable tables, ServerHandshakes handshakes, NeutralCertificate neutral, LaneTransport lanes, TlsStreams streams, TlsAlpnChallenge challenges, StreamTelemetry telemetry, TimeProvider clock, ILogger<TlsFront> log)
{
    public async Task RunAsync(LiveConnection connection)
    {
        var record = new StreamRecord("tls", connection.RemoteAddress.ToString(), clock.GetTimestamp());
        var handedOver = false;
        try
        {
            handedOver = await ServeAsync(connection, record);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            record.Fault ??= connection.IsClosing ? StreamFault.Cut : StreamFault.ClientGone;
        }
        catch (Exception failure)
        {
            record.Fault ??= StreamFault.HandshakeFailed;
            Log.Failed(log, failure);
        }
        finally
        {
            if (!handedOver)
            {
                connection.Dispose();
                telemetry.Completed(record);
            }
        }
    }

    /// <returns>Whether Kestrel carries the connection now.</returns>
    private async Task<bool> ServeAsync(LiveConnection connection, StreamRecord record)
    {
        var hello = await ReadAsync(connection);
        var serverName = record.ServerName = hello.Hello.ServerName;
        var table = tables.Current;
        // Before any listener: also a name whose connections go through as they are is proven by the gateway.
        if (TlsAlpnChallenge.IsAsked(hello) && table.Challenges.TryFindTls(serverName, out var challenge))
        {
            await challenges.AnswerAsync(connection, challenge, hello, record);
            return false;
        }
        var listener = hello.Fault is null ? ListenerOf(table, connection, serverName) : null;
        record.Listener = listener?.Entry;
        connection.Listener = listener?.Entry.Id;
        if (listener is { Entry.Protocol: "TLS" })
        {
            await streams.RunAsync(connection, table, listener, hello, record);
            return false;
        }
        var unfit = StreamFault.NoListener;
        if (listener is not null && handshakes.Of(table, connection.Socket.Keys, listener.Entry, hello.Hello, out unfit) is { } handshake)
        {
            lanes.Enter(connection, new ConnectionOrigin(connection) { TlsListener = listener.Entry.Id, ServerName = serverName, Handshake = handshake, Record = record }, hello.Bytes);
            return true;
        }
        if (hello.Fault is null && listener is null && neutral.For(hello.Hello) is { } nobodys)
        {
            lanes.Enter(connection, new ConnectionOrigin(connection) { TlsListener = NeutralCertificate.Listener, ServerName = serverName, Handshake = nobodys, Record = record }, hello.Bytes);
            return true;
        }
        var fault = record.Fault = hello.Fault ?? unfit ?? StreamFault.NoCertificate;
        if (fault != StreamFault.ClientGone)
            await TlsRefusal.SendAsync(connection.Accepted, fault, clock);
        return false;
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
            return FirstBytes.Of(StreamFault.HelloTimeout);
        }
    }

    // A name leads to the most specific listener of the socket, no name to the one without a hostname
    // (https://gateway-api.sigs.k8s.io/reference/spec/#listener).
    private static ListenerNode<HostRuntime>? ListenerOf(RouteTable table, LiveConnection connection, string? serverName)
    {
        MatchResolver.FindListener(table.Listeners, connection.Socket.Keys, serverName ?? "", tlsListener: null, out var listener);
        return listener is { Entry.Tls: not null } ? listener : null;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A TLS connection failed in the gateway.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
