using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>A data plane in this process, on real sockets.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestGateway(WebApplication app, int port, int adminPort)
    {
        _app = app;
        Port = port;
        AdminPort = adminPort;
    }

    /// <summary>The bound port of listener port 80.</summary>
    public int Port { get; }

    public int AdminPort { get; }

    public IServiceProvider Services => _app.Services;

    public TableStore Tables => Services.GetRequiredService<TableStore>();

    public static async Task<TestGateway> StartAsync(MatchTable? table = null, Func<DataPlaneOptions, DataPlaneOptions>? configure = null)
    {
        var (port, admin) = (FreePort.Next(), FreePort.Next());
        var options = new DataPlaneOptions
        {
            Publish = new Dictionary<int, int> { [80] = port },
            BackendAllow = [IPNetwork.Parse("127.0.0.0/8")],
            Admin = new IPEndPoint(IPAddress.Loopback, admin),
            AccessLog = "off",
            DrainTime = TimeSpan.FromSeconds(5),
        };
        var app = DataPlaneHost.Build(configure?.Invoke(options) ?? options);
        await app.StartAsync();
        var gateway = new TestGateway(app, port, admin);
        if (table is not null)
            Xunit.Assert.Empty(gateway.Tables.Apply(TableEdit.Of(table)));
        return gateway;
    }

    public HttpClient Client(Version? version = null) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{Port}"),
        DefaultRequestVersion = version ?? HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async Task<(HttpStatusCode Status, HttpResponseHeaders Headers, string Body)> GetAsync(
        string host, string path = "/", HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var client = Client();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri($"http://127.0.0.1:{Port}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Host = host;
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync());
    }

    public async Task<Echo> EchoAsync(string host, string path = "/", HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        var (status, _, body) = await GetAsync(host, path, method, headers);
        Xunit.Assert.True(status == HttpStatusCode.OK, $"{(int)status}: {body}");
        return Echo.Read(body);
    }

    /// <summary>Sends bytes as they are and reads until the gateway closes or is silent.</summary>
    public async Task<string> RawAsync(string request, int port = 0, int silenceMs = 1_500)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port == 0 ? Port : port);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        var buffer = new byte[64 * 1024];
        var answer = new StringBuilder();
        while (true)
        {
            using var silence = new CancellationTokenSource(silenceMs);
            try
            {
                var length = await socket.ReceiveAsync(buffer, silence.Token);
                if (length == 0)
                    return answer + "<closed>";
                answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
            }
            catch (OperationCanceledException)
            {
                return answer.ToString();
            }
            catch (SocketException)
            {
                return answer + "<reset>";
            }
        }
    }

    public void Set(BackendEntry backend) => Xunit.Assert.Empty(Tables.Apply([new TableEdit(FeedEntry.Backends, backend.Key, backend)]));

    public void Set(HostEntry host) => Xunit.Assert.Empty(Tables.Apply([new TableEdit(FeedEntry.Hosts, host.Key, host)]));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
