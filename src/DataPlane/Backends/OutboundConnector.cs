using System.Net;
using System.Net.Sockets;

namespace Gatehouse.DataPlane.Backends;

/// <summary>
/// Opens connections to backends. Name resolution, the check of the address and the connect are one step on every connection, so that a
/// name that changes its address gains nothing.
/// </summary>
internal sealed class OutboundConnector(AddressPolicy policy)
{
    /// <summary>Connects, and does the TLS handshake where the backend wants TLS.</summary>
    /// <param name="endpoint">Endpoint.</param>
    /// <param name="tls">TLS; null: none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BackendRefusedException">No address of the backend may be connected to.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, BackendTls? tls, CancellationToken cancellationToken)
    {
        var stream = await ConnectAsync(endpoint, cancellationToken);
        return tls is null ? stream : await tls.HandshakeAsync(stream, endpoint.Host, isHttp: true, cancellationToken);
    }

    /// <summary>Connects without TLS; also how endpoints are probed.</summary>
    public async ValueTask<NetworkStream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken) =>
        new(await OpenAsync(endpoint, udp: false, cancellationToken), ownsSocket: true);

    /// <summary>Opens a socket that sends datagrams to the endpoint and takes them from it alone.</summary>
    /// <exception cref="BackendRefusedException">No address of the backend may be sent to.</exception>
    public ValueTask<Socket> OpenDatagramsAsync(DnsEndPoint endpoint, CancellationToken cancellationToken) => OpenAsync(endpoint, udp: true, cancellationToken);

    private async ValueTask<Socket> OpenAsync(DnsEndPoint endpoint, bool udp, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        Exception? last = null;
        foreach (var address in addresses)
        {
            if (policy.Refuse(address, endpoint.Port, udp) is { } reason)
            {
                last = new BackendRefusedException(reason);
                continue;
            }
            var socket = udp
                ? new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
                : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, endpoint.Port, cancellationToken);
                return socket;
            }
            catch (Exception failure)
            {
                socket.Dispose();
                last = failure;
                if (failure is OperationCanceledException)
                    throw;
            }
        }
        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}
