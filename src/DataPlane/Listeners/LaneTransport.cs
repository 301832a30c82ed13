using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>
/// Hands connections of our own sockets to Kestrel. All enter by the front lane, inside Kestrel's limits and shutdown; the first
/// bytes decide between HTTP/1.1 and HTTP/2 with prior knowledge, so both share a port.
/// </summary>
internal sealed class LaneTransport(ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private static readonly TimeSpan SniffTimeout = TimeSpan.FromSeconds(10);

    private readonly Channel<ConnectionContext> _front = Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true });

    // One factory for all sockets: it owns memory pools and I/O queues.
    private readonly SocketConnectionContextFactory _connections = new(
        new SocketConnectionFactoryOptions { UnsafePreferInlineScheduling = true }, loggers.CreateLogger("Gatehouse.DataPlane.Transport"));

    private ConnectionDelegate? _http1;
    private ConnectionDelegate? _http2;

    public void Configure(KestrelServerOptions options)
    {
        options.Listen(new LaneEndPoint("http1"), lane =>
        {
            lane.Protocols = HttpProtocols.Http1;
            lane.Use(rest => _http1 = rest);
        });
        options.Listen(new LaneEndPoint("http2"), lane =>
        {
            lane.Protocols = HttpProtocols.Http2;
            lane.Use(rest => _http2 = rest);
        });
        options.Listen(new LaneEndPoint("front"), lane =>
        {
            lane.Protocols = HttpProtocols.Http1;
            lane.Use(_ => SniffAsync);
        });
    }

    /// <summary>Gives an accepted connection to Kestrel.</summary>
    public ConnectionContext Enter(Socket accepted, BoundSocket socket)
    {
        var connection = _connections.Create(accepted);
        connection.Features.Set(new ConnectionOrigin(socket, (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None));
        socket.Track(connection);
        _front.Writer.TryWrite(connection);
        return connection;
    }

    public bool CanBind(EndPoint endpoint) => endpoint is LaneEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var connections = endpoint is LaneEndPoint { Name: "front" } ? _front.Reader : Channel.CreateUnbounded<ConnectionContext>().Reader;
        return ValueTask.FromResult<IConnectionListener>(new Lane(endpoint, connections));
    }

    public void Dispose() => _connections.Dispose();

    private async Task SniffAsync(ConnectionContext connection)
    {
        try
        {
            if (await ProtocolOf(connection) is { } pipeline)
                await pipeline(connection);
        }
        finally
        {
            connection.Features.Get<ConnectionOrigin>()?.Socket.Untrack(connection);
        }
    }

    private async ValueTask<ConnectionDelegate?> ProtocolOf(ConnectionContext connection)
    {
        using var timeout = new CancellationTokenSource(SniffTimeout);
        try
        {
            while (true)
            {
                var read = await connection.Transport.Input.ReadAsync(timeout.Token);
                var data = read.Buffer;
                var enough = data.Length >= 4 || read.IsCompleted;
                var isHttp2 = data.Length >= 4 && StartsWithPreface(data);
                connection.Transport.Input.AdvanceTo(data.Start, enough ? data.Start : data.End);
                if (enough)
                    return data.IsEmpty ? null : isHttp2 ? _http2 : _http1;
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    // RFC 9113 §3.4; no HTTP/1 method begins like this.
    private static bool StartsWithPreface(System.Buffers.ReadOnlySequence<byte> data)
    {
        Span<byte> first = stackalloc byte[4];
        System.Buffers.BuffersExtensions.CopyTo(data.Slice(0, 4), first);
        return first.SequenceEqual("PRI "u8);
    }

    private sealed class Lane(EndPoint endpoint, ChannelReader<ConnectionContext> connections) : IConnectionListener
    {
        private readonly CancellationTokenSource _stop = new();

        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await connections.ReadAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _stop.Cancel();
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
