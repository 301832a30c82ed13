using System.Net;
using System.Net.Sockets;
using Gatehouse.DataPlane.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Hosting;

public sealed class DrainTests
{
    [Fact]
    public async Task Stop_WithRequestInFlight_LetsItEndAndTakesNoNewOne()
    {
        var entered = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync(handler: async context =>
        {
            entered.SetResult();
            await Task.Delay(700);
            await context.Response.WriteAsync("done");
        });
        var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        var running = gateway.GetAsync("shop.test");
        await entered.Task;
        var stopping = gateway.DisposeAsync();
        await Task.Delay(200);
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(IPAddress.Loopback, gateway.Port));
        using var admin = new HttpClient();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await admin.GetAsync($"http://127.0.0.1:{gateway.AdminPort}/readyz")).StatusCode);
        var (status, _, body) = await running;
        Assert.Equal((HttpStatusCode.OK, "done"), (status, body));
        await stopping;
    }

    [Fact]
    public async Task Listener_Removed_ClosesItsPortAndNoOther()
    {
        var (first, second) = (FreePort.Next(), FreePort.Next());
        await using var backend = await TestBackend.StartAsync();
        var extra = Listener(81, id: "platform/Gateway/default/extra");
        var table = Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")])), Host("shop.test", Rule([To("v1")]), extra.Id));
        table = table with { Listeners = new Dictionary<string, Gateway.Matching.ListenerEntry>(table.Listeners) { [extra.Id] = extra } };
        await using var gateway = await TestGateway.StartAsync(table, options => options with { Publish = new Dictionary<int, int> { [80] = first, [81] = second } });
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Host = "shop.test";
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"http://127.0.0.1:{first}/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"http://127.0.0.1:{second}/")).StatusCode);
        gateway.Tables.Apply([new Routing.TableEdit(Contracts.Feed.FeedEntry.Listeners, extra.Id, null)]);
        await Task.Delay(300);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"http://127.0.0.1:{second}/"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"http://127.0.0.1:{first}/")).StatusCode);
    }
}
