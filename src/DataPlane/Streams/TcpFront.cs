using System.Net.Sockets;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Telemetry;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Streams;

/// <summary>Takes connections of TCP listeners. What cannot go on is reset: there is no other way to say so.</summary>
internal sealed partial class TcpFront(CurrentTable tables, StreamForwarder forwarder, StreamTelemetry telemetry, TimeProvider clock, ILogger<TcpFront> log)
{
    public async Task RunAsync(LiveConnection connection)
    {
        var record = new StreamRecord("tcp", connection.RemoteAddress.ToString(), clock.GetTimestamp());
        try
        {
            connection.Accepted.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            var table = tables.Current;
            record.Fault = MatchResolver.FindListener(table.Listeners, connection.Socket.Keys, "", tlsListener: null, out var listener) == ListenerChoice.Found && listener!.Entry.Protocol == "TCP"
                ? StreamRouter.Decide(table, listener, "", record)
                : StreamFault.NoListener;
            connection.Listener = record.Listener?.Id;
            if (record.Fault is null && await forwarder.ConnectAsync(record, asIs: false, connection.Cut) is { } backend)
                await forwarder.CarryAsync(connection, new SocketEnd(connection.Accepted), backend, default, record);
            else
                SocketEnd.Reset(connection.Accepted);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            record.Fault ??= connection.IsClosing ? StreamFault.Cut : StreamFault.ClientGone;
        }
        catch (Exception failure)
        {
            record.Fault = StreamFault.Unreachable;
            Log.Failed(log, failure);
        }
        finally
        {
            connection.Dispose();
            telemetry.Completed(record);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A TCP connection failed in the gateway.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
