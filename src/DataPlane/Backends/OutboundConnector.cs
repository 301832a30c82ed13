using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Gatehouse.DataPlane.Backends;

/// <summary>
/// Opens connections to backends. Name resolution, the check of the address and the connect are one step on every connection, so that a
/// name that changes its address gains nothing.
/// </summary>
internal sealed class OutboundConnector(AddressPolicy policy, BackendTls tls)
{
    /// <summary>Connects, and does the TLS handshake where the backend wants TLS.</summary>
    /// <exception cref="BackendRefusedException">No address of the backend may be connected to.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, OutboundOptions options, CancellationToken cancellationToken)
    {
        var stream = await ConnectAsync(endpoint, cancellationToken);
        if (!options.IsTls)
            return stream;
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(tls.OptionsFor(options, endpoint.Host), cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects without TLS; also how endpoints are probed.</summary>
    public async ValueTask<NetworkStream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        Exception? last = null;
        foreach (var address in addresses)
        {
            if (policy.Refuse(address, endpoint.Port) is { } reason)
            {
                last = new BackendRefusedException(reason);
                continue;
            }
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, endpoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
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
