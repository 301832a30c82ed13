using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Contracts.Api;
using Gatehouse.Dns;
using Gatehouse.ServiceDefaults.Net;

namespace Gatehouse.Issuance.Certificates;

/// <summary>
/// Fetches a challenge as the authority will, by the name's public addresses, so that no authority is bothered with what cannot work. Only the
/// gateway's own addresses and public ones are connected to: the name's owner decides what it resolves to.
/// </summary>
internal sealed class SelfCheck(IssuanceOptions options, DnsClient dns, IReadOnlyList<DnsServer> resolvers)
{
    private const int MaxAddresses = 4;
    private const int MaxBody = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Why the authority would not get the answer; null: it would.</summary>
    /// <param name="hostname">The name.</param>
    /// <param name="token">Token of the challenge.</param>
    /// <param name="expected">Its key authorization.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<HostnameProblem?> RunAsync(string hostname, string token, string expected, CancellationToken cancellationToken)
    {
        if (!options.SelfCheck)
            return null;
        var addresses = await AddressesOf(hostname, cancellationToken);
        if (addresses.Count == 0)
            return new HostnameProblem("AddressMissing", "Tenant", $"`{hostname}` has no address.", "Set the A or CNAME record that is listed.");
        foreach (var address in addresses)
        {
            if (!options.EdgeAddresses.Contains(address) && !SpecialAddresses.IsPublic(address))
                return new HostnameProblem("PrivateAddress", "Tenant", $"`{hostname}` resolves to {address}, which is not an address of the internet.", "Let it resolve to the gateway's addresses alone.");
            if (await FetchAsync(hostname, address, token, expected, cancellationToken) is { } wrong)
                return new HostnameProblem("NotReachable", "Tenant", $"http://{hostname}/ at {address}, port {options.HttpPort}, does not answer as this gateway: {wrong}.", "Let all of the name's addresses lead to the gateway, with port 80 open.");
        }
        return null;
    }

    private async Task<IReadOnlyList<IPAddress>> AddressesOf(string hostname, CancellationToken cancellationToken)
    {
        var found = new List<IPAddress>();
        foreach (var type in new[] { DnsRecordType.A, DnsRecordType.AAAA })
        {
            foreach (var resolver in resolvers)
            {
                var answer = await dns.QueryAsync(resolver, hostname, type, cancellationToken);
                if (!answer.IsDefinite)
                    continue;
                found.AddRange(answer.Addresses.Take(MaxAddresses));
                break;
            }
        }
        return found;
    }

    private async Task<string?> FetchAsync(string hostname, IPAddress address, string token, string expected, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ConnectCallback = (_, token) => ConnectAsync(new IPEndPoint(address, options.HttpPort), token),
            };
            using var http = new HttpClient(handler);
            using var response = await http.GetAsync(new Uri($"http://{hostname}/.well-known/acme-challenge/{token}"), HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                return $"status {(int)response.StatusCode}";
            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            var bytes = new byte[MaxBody];
            var length = await body.ReadAtLeastAsync(bytes, MaxBody, throwOnEndOfStream: false, patience.Token);
            return Encoding.ASCII.GetString(bytes, 0, length).TrimEnd() == expected ? null : "another answer than the challenge's";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer within five seconds";
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return "no connection";
        }
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
