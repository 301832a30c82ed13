using System.Net;
using Gatehouse.DataPlane.Health;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Endpoint_Unreachable_IsReportedAndTakesNoTrafficUntilItIsBack()
    {
        await using var up = await TestBackend.StartAsync("up");
        var port = FreePort.Next();
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", up.Port, port)], Host("shop.test", Rule([To("v1")]))));
        await WaitAsync(gateway, $"127.0.0.1:{port}", "unhealthy");
        for (var i = 0; i < 6; i++)
            Assert.Equal("up", (await gateway.EchoAsync("shop.test")).Backend);
        await using var back = await TestBackend.StartAsync("back", port: port);
        await WaitAsync(gateway, $"127.0.0.1:{port}", "healthy");
        var seen = new HashSet<string>();
        for (var i = 0; i < 6; i++)
            seen.Add((await gateway.EchoAsync("shop.test")).Backend);
        Assert.Contains("back", seen);
    }

    [Fact]
    public async Task ActiveCheck_Failing_Gives503UntilItSucceeds()
    {
        var healthy = false;
        await using var backend = await TestBackend.StartAsync(handler: context =>
        {
            context.Response.StatusCode = context.Request.Path == "/healthz" && !Volatile.Read(ref healthy) ? 500 : 200;
            return Task.CompletedTask;
        });
        var entry = Backend("v1", backend.Port) with { ActiveCheck = new ActiveCheckEntry("/healthz", 500, 500, 1, 1) };
        await using var gateway = await TestGateway.StartAsync(Table([entry], Host("shop.test", Rule([To("v1")]))));
        await WaitAsync(gateway, $"127.0.0.1:{backend.Port}", "unhealthy");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.GetAsync("shop.test")).Status);
        Volatile.Write(ref healthy, true);
        await WaitAsync(gateway, $"127.0.0.1:{backend.Port}", "healthy");
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("shop.test")).Status);
    }

    [Fact]
    public async Task Backend_Changed_KeepsHealthOfEndpointsThatStay()
    {
        await using var a = await TestBackend.StartAsync("a");
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", a.Port)], Host("shop.test", Rule([To("v1")]))));
        await WaitAsync(gateway, $"127.0.0.1:{a.Port}", "healthy");
        gateway.Set(Backend("v1", a.Port, FreePort.Next()) with { LoadBalancing = "Random" });
        var report = gateway.Services.GetRequiredService<HealthReports>().Take(everything: true).Single();
        Assert.Equal("healthy", report.Endpoints[0].Health);
    }

    [Fact]
    public async Task PassiveCheck_WithFailingEndpoint_TakesItOut()
    {
        await using var bad = RawEndpoint();
        await using var good = await TestBackend.StartAsync("good");
        var entry = Backend("v1", bad.Port, good.Port) with { PassiveCheck = new PassiveCheckEntry(50, 60_000) };
        await using var gateway = await TestGateway.StartAsync(Table([entry], Host("shop.test", Rule([To("v1")]))));
        for (var i = 0; i < 40; i++)
            await gateway.GetAsync("shop.test");
        for (var i = 0; i < 6; i++)
            Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("shop.test")).Status);
    }

    private static Hardening.RawBackend RawEndpoint() => Hardening.RawBackend.Start("NONSENSE\r\n\r\n");

    private static async Task WaitAsync(TestGateway gateway, string endpoint, string health)
    {
        var reports = gateway.Services.GetRequiredService<HealthReports>();
        for (var i = 0; i < 500; i++)
        {
            if (reports.Take(everything: true).SelectMany(backend => backend.Endpoints).Any(one => one.Address == endpoint && one.Health == health))
                return;
            await Task.Delay(20);
        }
        Assert.Fail($"{endpoint} did not become {health}");
    }
}
