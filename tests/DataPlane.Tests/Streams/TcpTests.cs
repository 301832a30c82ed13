using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.StreamTables;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Streams;

public sealed class TcpTests
{
    [Fact]
    public async Task Client_ThatSaysAll_StillGetsTheAnswer()
    {
        using var backend = TcpBackend.Of(async socket =>
        {
            var heard = await ReadToEndAsync(socket);
            await Task.Delay(100);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"heard {heard.Length}"));
        });
        await using var gateway = await StartAsync([TcpBackendEntry("v1", backend.Port)], To("v1"));
        Assert.Equal("heard 5", await AskAsync(gateway.Port, "hello"));
    }

    [Fact]
    public async Task Backend_ThatSaysAll_StillHearsTheClient()
    {
        var heard = new TaskCompletionSource<string>();
        using var backend = TcpBackend.Of(async socket =>
        {
            await socket.SendAsync("bye"u8.ToArray());
            socket.Shutdown(SocketShutdown.Send);
            // A probe says nothing.
            if (await ReadToEndAsync(socket) is { Length: > 0 } text)
                heard.TrySetResult(text);
        });
        await using var gateway = await StartAsync([TcpBackendEntry("v1", backend.Port)], To("v1"));
        using var client = await ConnectAsync(gateway.Port);
        Assert.Equal("bye", await ReadToEndAsync(client));
        await client.SendAsync("after"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("after", await heard.Task.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Transfer_OfManyBytes_ArrivesUnchanged()
    {
        using var backend = TcpBackend.Echo();
        await using var gateway = await StartAsync([TcpBackendEntry("v1", backend.Port)], To("v1"));
        var data = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        using var client = await ConnectAsync(gateway.Port);
        var sending = Task.Run(async () =>
        {
            for (var sent = 0; sent < data.Length;)
                sent += await client.SendAsync(data.AsMemory(sent));
            client.Shutdown(SocketShutdown.Send);
        });
        Assert.Equal(data, Encoding.Latin1.GetBytes(await ReadToEndAsync(client)));
        await sending;
    }

    [Fact]
    public async Task Connections_AreSharedOutByWeight()
    {
        using var first = TcpBackend.Echo("v1");
        using var second = TcpBackend.Echo("v2");
        await using var gateway = await StartAsync([TcpBackendEntry("v1", first.Port), TcpBackendEntry("v2", second.Port)], To("v1", 3), To("v2"));
        var byFirst = 0;
        for (var i = 0; i < 40; i++)
            byFirst += await AskAsync(gateway.Port, "x") == "v1\nx" ? 1 : 0;
        Assert.InRange(byFirst, 28, 32);
    }

    [Fact]
    public async Task InvalidReference_HasItsShareReset()
    {
        using var backend = TcpBackend.Echo();
        await using var gateway = await StartAsync([TcpBackendEntry("v1", backend.Port)], To("v1"), Invalid());
        var answered = 0;
        for (var i = 0; i < 20; i++)
            answered += await IsResetAsync(gateway.Port) ? 0 : 1;
        Assert.InRange(answered, 9, 11);
    }

    [Fact]
    public async Task Connection_WithoutRoute_IsReset()
    {
        await using var gateway = await StartAsync([]);
        Assert.True(await IsResetAsync(gateway.Port));
    }

    [Fact]
    public async Task Endpoint_ThatRefuses_IsPassedOver()
    {
        using var backend = TcpBackend.Echo();
        await using var gateway = await StartAsync([TcpBackendEntry("v1", FreePort.Next(), backend.Port, FreePort.Next())], To("v1"));
        for (var i = 0; i < 6; i++)
            Assert.Equal("x", await AskAsync(gateway.Port, "x"));
    }

    [Fact]
    public async Task Backend_AtOwnListener_IsRefused()
    {
        await using var gateway = await StartAsync([], To("v1"));
        gateway.Set(TcpBackendEntry("v1", gateway.Port));
        Assert.True(await IsResetAsync(gateway.Port));
    }

    [Fact]
    public async Task Endpoint_AtItsLimit_TakesNoMore()
    {
        using var backend = TcpBackend.Echo("here");
        await using var gateway = await StartAsync([TcpBackendEntry("v1", backend.Port) with { MaxConnectionsPerEndpoint = 1 }], To("v1"));
        using (var first = await ConnectAsync(gateway.Port))
        {
            Assert.True(await first.ReceiveAsync(new byte[10]) > 0);
            Assert.True(await IsResetAsync(gateway.Port));
        }
        await Task.Delay(200);
        Assert.Equal("here\nx", await AskAsync(gateway.Port, "x"));
    }

    [Fact]
    public async Task Listener_Removed_ClosesItsPortAndEndsSilentConnections()
    {
        using var backend = TcpBackend.Echo("here");
        await using var gateway = await StartAsync([TcpBackendEntry("v1", backend.Port)], To("v1"));
        using var client = await ConnectAsync(gateway.Port);
        Assert.True(await client.ReceiveAsync(new byte[10]) > 0);
        gateway.Tables.Apply([new TableEdit(FeedEntry.Listeners, Tcp().Id, null)]);
        await Task.Delay(100);
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(gateway.Port));
        await client.SendAsync("still"u8.ToArray());
        Assert.Equal(5, await client.ReceiveAsync(new byte[10]));
        await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(client));
    }

    [Fact]
    public async Task AccessLog_OfConnection_SaysWhoTookItAndWhyNot()
    {
        var file = Path.GetTempFileName();
        using var backend = TcpBackend.Echo();
        await using (var gateway = await StartAsync([TcpBackendEntry("v1", backend.Port)], options => options with { AccessLog = file }, To("v1"), Invalid()))
        {
            // Shares are even, and still two connections in a row may go the same way.
            var seen = new HashSet<bool>();
            for (var i = 0; i < 20 && seen.Count < 2; i++)
                seen.Add(await IsResetAsync(gateway.Port));
        }
        var lines = (await File.ReadAllLinesAsync(file)).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        File.Delete(file);
        var taken = lines.First(line => line.GetProperty("status").GetInt32() == 200);
        Assert.Equal(("tcp", 1, 1), (taken.GetProperty("protocol").GetString(), taken.GetProperty("received").GetInt32(), taken.GetProperty("sent").GetInt32()));
        Assert.Equal(($"127.0.0.1:{backend.Port}", "TCPRoute/shop/db/0"), (taken.GetProperty("endpoint").GetString(), taken.GetProperty("rule").GetString()));
        Assert.Equal("invalid_backend", lines.First(line => line.GetProperty("status").GetInt32() == 500).GetProperty("refused").GetString());
    }

    private static async Task<bool> IsResetAsync(int port)
    {
        try
        {
            Assert.Equal("x", await AskAsync(port, "x"));
            return false;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.NotConnected)
        {
            return true;
        }
    }

    private static Task<TestGateway> StartAsync(BackendEntry[] backends, params WeightedBackend[] to) => StartAsync(backends, options => options, to);

    // The listener takes the port of the harness, so that Port is its.
    private static async Task<TestGateway> StartAsync(BackendEntry[] backends, Func<DataPlaneOptions, DataPlaneOptions> configure, params WeightedBackend[] to)
    {
        var gateway = await TestGateway.StartAsync(configure: options => configure(options with { Publish = new Dictionary<int, int> { [ListenerPort] = options.Publish[80] } }));
        var listener = Tcp();
        Assert.Empty(gateway.Tables.Apply(TableEdit.Of(TlsTables.With([listener], backends, to.Length == 0 ? [] : [StreamHost(listener, "*", to)]))));
        return gateway;
    }
}
