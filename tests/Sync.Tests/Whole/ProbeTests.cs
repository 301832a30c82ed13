using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Gatehouse.Sync.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>A request through the address that a controller gave proves a route, or tells that it does not serve.</summary>
public sealed class ProbeTests(WholeFixture whole) : IClassFixture<WholeFixture>
{
    private const string Host = "probe.example.com";
    private const string Route = "/api/v1/tenants/probed/httproutes/web";

    [KubernetesFact]
    public async Task Probe_ThroughTheGatewaysAddress_MakesLiveProbedOrFailed()
    {
        await using var gateway = await PlayedGateway.StartAsync(IPAddress.Loopback, 0);
        var generation = await AddAsync("live", gateway.Port);
        await whole.UntilConditionAsync(Route, "Live", "True", "Reported");

        var answer = await ProbeAsync("""{"path":"/shop?x=1"}""");
        Assert.True(answer.GetProperty("reached").GetBoolean());
        Assert.Equal(("/shop?x=1", Host), gateway.Last);
        var proven = await whole.UntilConditionAsync(Route, "Live", "True", "Probed");
        Assert.Equal(proven.GetProperty("generation").GetInt64(), WholeFixture.ConditionOf(proven, "Live")!.Value.GetProperty("observedGeneration").GetInt64());

        // What was proven of one generation says nothing of the next.
        await WriteRouteAsync("live", "/v2");
        await new PlayedController(whole.Cluster).AttachLaterAsync(whole.NamespaceOf("probed"), "web", generation);
        await whole.UntilConditionAsync(Route, "Live", "True", "Reported");

        gateway.Status = 404;
        Assert.False((await ProbeAsync("{}")).GetProperty("reached").GetBoolean());
        var failed = WholeFixture.ConditionOf(await whole.UntilConditionAsync(Route, "Live", "False", "ProbeFailed"), "Live")!.Value;
        Assert.Contains("404", failed.GetProperty("message").GetString(), StringComparison.Ordinal);

        await gateway.DisposeAsync();
        var unanswered = await ProbeAsync("{}");
        Assert.Contains("does not answer", unanswered.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(unanswered.GetProperty("here").TryGetProperty("status", out _));
        await whole.UntilConditionAsync(Route, "Live", "False", "ProbeFailed");
    }

    [KubernetesFact]
    public async Task Compare_WithThePresentAddress_NamesWhatDiffersAndAsksNoPrivateOne()
    {
        await using var gateway = await PlayedGateway.StartAsync(IPAddress.Loopback, 0);
        await using var present = await PlayedGateway.StartAsync(OwnAddress(), gateway.Port);
        await AddAsync("compared", gateway.Port);

        whole.Names[Host] = ["127.0.0.1", "10.1.2.3"];
        var asked = gateway.Requests;
        var refused = (await ProbeAsync("""{"compare":true}""")).GetProperty("present");
        Assert.Contains("private address", refused.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal(asked + 1, gateway.Requests);

        whole.Names[Host] = [present.Address];
        var same = await ProbeAsync("""{"compare":true}""");
        Assert.Empty(same.GetProperty("differences").EnumerateArray());
        Assert.Equal(1, present.Requests);

        (present.Status, present.Body, present.Flavour) = (201, "old", "vanilla");
        var differences = (await ProbeAsync("""{"compare":true}""")).GetProperty("differences").EnumerateArray().Select(static item => item.GetString()!).ToList();
        Assert.Contains("status: 201 now, 200 here", differences);
        Assert.Contains("body", differences);
        Assert.Contains("header x-flavour", differences);
    }

    private async Task<JsonElement> ProbeAsync(string request) => (await whole.Admin.PostAsync(Route + "/probe", request)).Expect(200).Json.GetProperty("answer");

    // A Gateway whose listener has the port of the server that stands for it.
    private async Task<long> AddAsync(string gateway, int port)
    {
        var before = 0L;
        if ((await whole.Admin.GetAsync("/api/v1/tenants/probed")).Status == 404)
            await whole.AddTenantAsync("probed");
        else
            before = (await whole.RouteAsync("probed"))["metadata"]!["generation"]!.GetValue<long>();
        var controller = new PlayedController(whole.Cluster);
        await controller.TakeClassAsync(whole.ClassName);
        await whole.PutAsync("platform", $"gateways/{gateway}", $$$"""{"gatewayClassName":"kube","listeners":[{"name":"http","port":{{{port}}},"protocol":"HTTP","allowedRoutes":{"namespaces":{"from":"All"} } }]}""");
        await whole.PutAsync("probed", "backends/web", """{"endpoints":[{"address":"203.0.113.10","port":80}]}""");
        await WriteRouteAsync(gateway, "/");
        await whole.FindAsync("Gateway", whole.GatewayNamespace, gateway);
        await controller.ServeAsync("Gateway", whole.GatewayNamespace, gateway, address: "127.0.0.1");
        var generation = await controller.AttachLaterAsync(whole.NamespaceOf("probed"), "web", before);
        await whole.UntilConditionAsync(Route, "Programmed", "True");
        return generation;
    }

    private Task<JsonElement> WriteRouteAsync(string gateway, string path) => whole.PutAsync("probed", "httproutes/web", $$$"""
        {"hostnames":["{{{Host}}}"],"parentRefs":[{"namespace":"platform","name":"{{{gateway}}}"}],
        "rules":[{"matches":[{"path":{"type":"PathPrefix","value":"{{{path}}}"} }],"backendRefs":[{"name":"web"}]}]}
        """);

    /// <summary>An address of this machine that is not loopback: the worker asks that one never.</summary>
    private static IPAddress OwnAddress() =>
        NetworkInterface.GetAllNetworkInterfaces().Where(static device => device.OperationalStatus == OperationalStatus.Up)
            .SelectMany(static device => device.GetIPProperties().UnicastAddresses).Select(static unicast => unicast.Address)
            .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address) && !address.ToString().StartsWith("169.254.", StringComparison.Ordinal))
        ?? throw new InvalidOperationException("This test needs an IPv4 address of this machine besides loopback.");

    /// <summary>Stands for a gateway, or for what serves the name today.</summary>
    private sealed class PlayedGateway : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private int _requests;

        private PlayedGateway(WebApplication app) => _app = app;

        public int Status { get; set; } = 200;

        public string Body { get; set; } = "hello";

        public string Flavour { get; set; } = "mint";

        public int Requests => _requests;

        public (string Path, string Host) Last { get; private set; }

        public string Address => new Uri(_app.Urls.First()).Host;

        public int Port => new Uri(_app.Urls.First()).Port;

        public static async Task<PlayedGateway> StartAsync(IPAddress address, int port)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(server => server.Listen(address, port));
            var played = new PlayedGateway(builder.Build());
            played._app.Run(played.AnswerAsync);
            await played._app.StartAsync();
            return played;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            Interlocked.Increment(ref _requests);
            Last = (context.Request.Path + context.Request.QueryString, context.Request.Host.Value!);
            context.Response.StatusCode = Status;
            context.Response.Headers["X-Flavour"] = Flavour;
            await context.Response.WriteAsync(Body);
        }
    }
}
