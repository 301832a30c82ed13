using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Gatehouse.DataPlane.Backends;

namespace Gatehouse.DataPlane.Health;

/// <summary>One probe of one endpoint.</summary>
internal sealed class EndpointProbe(OutboundConnector connector)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Why the endpoint is not healthy; null: it is.</summary>
    public async Task<string?> RunAsync(BackendState backend, EndpointState endpoint, CancellationToken cancellationToken)
    {
        var check = backend.Entry.ActiveCheck;
        // Nothing tells whether a datagram would be answered.
        if (backend.Entry.Protocol == "udp")
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(check is null ? ConnectTimeout : TimeSpan.FromMilliseconds(Math.Clamp(check.TimeoutMs, 100, 60_000)));
        try
        {
            if (check is not null)
                return await RequestAsync(backend, endpoint, check.Path, limit.Token);
            await using var stream = await connector.ConnectAsync(new DnsEndPoint(endpoint.Address, endpoint.Port), limit.Token);
            return null;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return ReasonOf(failure);
        }
    }

    private static async Task<string?> RequestAsync(BackendState backend, EndpointState endpoint, string path, CancellationToken cancellationToken)
    {
        var http = backend.Cluster.Model.Config.HttpRequest!;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint.Destination.Model.Config.Address + path, AsWritten))
        {
            Version = http.Version!,
            VersionPolicy = http.VersionPolicy!.Value,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "gatehouse-health-check");
        using var response = await backend.Client.Invoker.SendAsync(request, cancellationToken);
        return (int)response.StatusCode is >= 200 and < 400 ? null : $"the health check was answered with status {(int)response.StatusCode}";
    }

    // In words of ours: what a backend or a resolver says goes nowhere.
    private static string ReasonOf(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case BackendRefusedException refused:
                    return $"the address is {refused.Reason}";
                case AuthenticationException:
                    return "TLS failed";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "the connection is refused";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return "the name does not resolve";
                case SocketException socket:
                    return $"the connection fails ({socket.SocketErrorCode})";
                case OperationCanceledException:
                    return "it does not answer in time";
            }
        }
        return "its answer cannot be read";
    }
}
