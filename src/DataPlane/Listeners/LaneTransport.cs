using System.Net;
using System.Threading.Channels;
using Gatehouse.DataPlane.Streams;
using Gatehouse.DataPlane.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gatehouse.DataPlane.Listeners;

/// <summary>
/// Hands connections of our own sockets to Kestrel. All enter by the front lane, inside Kestrel's limits and shutdown; the first
/// bytes decide between HTTP/1.1 and HTTP/2 with prior knowledge, so both share a port. TLS connections come with the handshake that
/// their ClientHello led to.
/// </summary>
internal sealed class LaneTransport(StreamTelemetry telemetry, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    /// <summary>How long the first bytes may take, and then the TLS handshake.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly Channel<ConnectionContext> _front = Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { SingleReader = true });

    // One factory for all sockets: it owns memory pools and I/O queues.
    private readonly SocketConnectionContextFactory _connections = new(
        new SocketConnectionFactoryOptions { UnsafePreferInlineScheduling = true }, loggers.CreateLogger("Gatehouse.DataPlane.Transport"));

    private ConnectionDelegate? _http1;
    private ConnectionDelegate? _http2;
    private ConnectionDelegate? _https;

    public void Configure(KestrelServerOptions options)
    {
        options.Listen(new LaneEndPoint("https"), lane =>
        {
            lane.Protocols = HttpProtocols.Http1AndHttp2;
            lane.Use(rest => _https = rest);
            lane.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = static handshake => new(handshake.Connection.Features.GetRequiredFeature<ConnectionOrigin>().Handshake!),
                HandshakeTimeout = HandshakeTimeout,
            });
            lane.Use(static rest => connection =>
            {
                connection.Features.GetRequiredFeature<ConnectionOrigin>().IsSecure = true;
                return rest(connection);
            });
        });
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

    /// <summary>Gives a connection to Kestrel.</summary>
    public void Enter(LiveConnection live) => Enter(live, new ConnectionOrigin(live), null);

    /// <summary>Gives a connection to Kestrel.</summary>
    /// <param name="live">The connection.</param>
    /// <param name="origin">What is known of it.</param>
    /// <param name="first">What was read of it already.</param>
    public void Enter(LiveConnection live, ConnectionOrigin origin, byte[]? first)
    {
        var connection = _connections.Create(live.Accepted);
        if (first is not null)
            connection.Transport = new PrefixedTransport(connection.Transport, first);
        connection.Features.Set(origin);
        live.CarryBy(connection);
        _front.Writer.TryWrite(connection);
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
        var origin = connection.Features.GetRequiredFeature<ConnectionOrigin>();
        try
        {
            if (origin.Handshake is not null)
                await _https!(connection);
            else if (await ProtocolOf(connection) is { } pipeline)
                await pipeline(connection);
        }
        finally
        {
            if (origin is { IsSecure: false, Record: { } record })
            {
                record.Fault = StreamFault.HandshakeFailed;
                telemetry.Completed(record);
            }
            origin.Connection.Dispose();
        }
    }

    private async ValueTask<ConnectionDelegate?> ProtocolOf(ConnectionContext connection)
    {
        using var timeout = new CancellationTokenSource(HandshakeTimeout);
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
