using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>Short ways to write tables with TLS, and clients for them.</summary>
internal static class TlsTables
{
    public const int HttpsPort = 443;

    public static ListenerEntry Https(string id, string? hostname, params TestCertificate[] certificates) => new()
    {
        Id = $"shop/Gateway/web/{id}", Tenant = "shop", Gateway = "shop/web", Port = HttpsPort, Protocol = "HTTPS", Hostname = hostname,
        Tls = new ListenerTlsEntry { Certificates = [.. certificates.Select(certificate => certificate.Entry.Key)] },
    };

    public static MatchTable With(IEnumerable<ListenerEntry> listeners, IEnumerable<BackendEntry> backends, params HostEntry[] hosts) => new()
    {
        Listeners = listeners.ToDictionary(listener => listener.Id),
        Hosts = hosts.ToDictionary(host => host.Key),
        Backends = backends.ToDictionary(backend => backend.Key),
    };

    /// <summary>Edits of a table with certificates and their keys.</summary>
    public static IEnumerable<TableEdit> Edits(MatchTable table, params TestCertificate[] certificates) => TableEdit.Of(
        table with { Certificates = certificates.ToDictionary(certificate => certificate.Entry.Key, certificate => certificate.Entry) },
        certificates.ToDictionary(certificate => certificate.Entry.Key, certificate => certificate.Secret));

    public static Task<TlsGateway> StartAsync(MatchTable table, params TestCertificate[] certificates) => StartAsync(table, static options => options, certificates);

    public static async Task<TlsGateway> StartAsync(MatchTable table, Func<DataPlaneOptions, DataPlaneOptions> configure, params TestCertificate[] certificates)
    {
        var port = FreePort.Next();
        var gateway = await TestGateway.StartAsync(configure: options => configure(options with { Publish = new Dictionary<int, int>(options.Publish) { [HttpsPort] = port } }));
        Xunit.Assert.Empty(gateway.Tables.Apply(Edits(table, certificates)));
        return new TlsGateway(gateway, port);
    }
}

/// <summary>A data plane with a TLS port.</summary>
internal sealed record TlsGateway(TestGateway Gateway, int Port) : IAsyncDisposable
{
    public TableStore Tables => Gateway.Tables;

    /// <summary>Does a handshake; what it gets is not judged.</summary>
    public async Task<TlsClient> ConnectAsync(string? serverName, Action<SslClientAuthenticationOptions>? change = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = serverName ?? "",
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            };
            change?.Invoke(options);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await stream.AuthenticateAsClientAsync(options, limit.Token);
            return new TlsClient(stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks by HTTP/1.1 on a connection of its own and returns status line and body.</summary>
    public async Task<string> GetAsync(string? serverName, string host, Action<SslClientAuthenticationOptions>? change = null)
    {
        await using var client = await ConnectAsync(serverName, change);
        return await client.GetAsync(host);
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}

/// <summary>A TLS connection.</summary>
internal sealed class TlsClient(SslStream stream) : IAsyncDisposable
{
    public SslStream Stream => stream;

    /// <summary>Names in the server's certificate.</summary>
    public string[] Names =>
    [
        .. ((X509Certificate2)stream.RemoteCertificate!).Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()),
    ];

    public async Task<string> GetAsync(string host, string headers = "")
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"));
        return await ReadToEndAsync();
    }

    public async Task<string> ReadToEndAsync()
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await reader.ReadToEndAsync(limit.Token);
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
