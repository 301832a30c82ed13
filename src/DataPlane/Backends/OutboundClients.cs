using System.Net;
using System.Text;

namespace Gatehouse.DataPlane.Backends;

/// <summary>Makes and shares the clients that requests to backends go out by.</summary>
internal sealed class OutboundClients(OutboundConnector connector, ShownCertificates certificates) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<OutboundOptions, OutboundClient> _clients = [];

    public OutboundClient Rent(OutboundOptions options)
    {
        lock (_gate)
        {
            if (!_clients.TryGetValue(options, out var client))
                _clients[options] = client = Create(options);
            client.Users++;
            return client;
        }
    }

    /// <summary>Ends one use; the client goes with its last user.</summary>
    public void Return(OutboundClient client)
    {
        lock (_gate)
        {
            if (--client.Users > 0)
                return;
            _clients.Remove(client.Options);
        }
        client.Dispose();
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private OutboundClient Create(OutboundOptions options)
    {
        var tls = options.IsTls ? new BackendTls(options, certificates) : null;
        return new OutboundClient(options, tls, Create(options, tls));
    }

    private HttpMessageInvoker Create(OutboundOptions options, BackendTls? tls) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = options.MaxConnections,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        KeepAlivePingDelay = options.IsHttp2 ? TimeSpan.FromSeconds(30) : Timeout.InfiniteTimeSpan,
        KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(context.DnsEndPoint, tls, cancellationToken),
    });
}
