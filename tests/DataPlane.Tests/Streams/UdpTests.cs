using System.Net;
using System.Text.Json;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Streams;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.StreamTables;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Streams;

public sealed class UdpTests
{
    [Fact]
    public async Task Client_KeepsItsSessionAndOthersHaveTheirOwn()
    {
        using var first = UdpBackend.Echo("v1:");
        using var second = UdpBackend.Echo("v2:");
        await using var gateway = await StartAsync([Udp("v1", first.Port), Udp("v2", second.Port)], To("v1", 3), To("v2"));
        var byFirst = 0;
        for (var i = 0; i < 20; i++)
        {
            using var client = new UdpClientSocket(gateway.Port);
            var answer = await client.AskAsync("a");
            Assert.Equal(answer?[..3] + "b", await client.AskAsync("b"));
            byFirst += answer == "v1:a" ? 1 : 0;
        }
        Assert.InRange(byFirst, 13, 17);
    }

    [Fact]
    public async Task Datagrams_OfAnyLength_GoThroughWhole()
    {
        using var backend = UdpBackend.Echo();
        await using var gateway = await StartAsync([Udp("v1", backend.Port)], To("v1"));
        using var client = new UdpClientSocket(gateway.Port);
        foreach (var length in (int[])[0, 1, 1_500, 60_000, 3])
            Assert.Equal(length, (await client.AskAsync(new string('x', length)))?.Length);
    }

    [Fact]
    public async Task PortOfTcpAndUdp_WithOneNumber_ServesBoth()
    {
        using var datagrams = UdpBackend.Echo("udp:");
        using var stream = TcpBackend.Echo("tcp");
        await using var gateway = await StartAsync([Udp("v1", datagrams.Port), TcpBackendEntry("v2", stream.Port)], To("v1"));
        var tcp = Tcp();
        Assert.Empty(gateway.Tables.Apply([
            new TableEdit(FeedEntry.Listeners, tcp.Id, tcp),
            new TableEdit(FeedEntry.Hosts, HostEntry.KeyOf(tcp.Id, "*"), StreamHost(tcp, "*", To("v2"))),
        ]));
        using var client = new UdpClientSocket(gateway.Port);
        Assert.Equal("udp:x", await client.AskAsync("x"));
        Assert.Equal("tcp\nx", await AskAsync(gateway.Port, "x"));
        Assert.Equal([false, true], gateway.Services.GetRequiredService<SocketSet>().Report().Where(socket => socket.Bound).Select(socket => socket.Udp).Order());
        gateway.Tables.Apply([new TableEdit(FeedEntry.Listeners, tcp.Id, null)]);
        Assert.Equal("udp:y", await client.AskAsync("y"));
    }

    [Fact]
    public async Task Route_ThatTurnsElsewhere_TakesItsSessionsAlong()
    {
        using var first = UdpBackend.Echo("v1:");
        using var second = UdpBackend.Echo("v2:");
        await using var gateway = await StartAsync([Udp("v1", first.Port), Udp("v2", second.Port)], To("v1"));
        using var client = new UdpClientSocket(gateway.Port);
        Assert.Equal("v1:a", await client.AskAsync("a"));
        gateway.Set(StreamHost(UdpListener, "*", To("v2")));
        Assert.Equal("v2:b", await client.AskAsync("b"));
    }

    [Fact]
    public async Task InvalidReference_HasItsShareDropped()
    {
        await using var gateway = await StartAsync([], Invalid());
        using var client = new UdpClientSocket(gateway.Port);
        Assert.Null(await client.AskAsync("x", 300));
    }

    [Fact]
    public async Task Backend_AtOwnListener_GetsNothing()
    {
        await using var gateway = await StartAsync([], To("v1"));
        gateway.Set(Udp("v1", gateway.Port));
        using var client = new UdpClientSocket(gateway.Port);
        Assert.Null(await client.AskAsync("x", 300));
        Assert.Equal(1, gateway.Services.GetRequiredService<UdpSessions>().Count);
    }

    [Fact]
    public async Task Sessions_OfManyClients_AreBoundedAndMakeRoomWhenSpent()
    {
        using var backend = UdpBackend.Of(text => text == "silent" ? [] : [[1]]);
        await using var gateway = await StartAsync([Udp("v1", backend.Port)], options => options with { MaxUdpSessions = 20 }, To("v1"));
        var sessions = gateway.Services.GetRequiredService<UdpSessions>();
        // Each question is answered: the oldest makes room.
        for (var i = 0; i < 50; i++)
        {
            using var client = new UdpClientSocket(gateway.Port);
            Assert.NotNull(await client.AskAsync("x"));
        }
        Assert.Equal(20, sessions.Count);
        // Sessions that wait for an answer make none: newcomers are dropped.
        var waiting = Enumerable.Range(0, 40).Select(_ => new UdpClientSocket(gateway.Port)).ToList();
        foreach (var client in waiting)
            client.Send("silent");
        await Task.Delay(300);
        Assert.Equal(20, sessions.Count);
        using var late = new UdpClientSocket(gateway.Port);
        Assert.Null(await late.AskAsync("x", 300));
        waiting.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Source_Alone_CannotTakeAllSessions()
    {
        using var backend = UdpBackend.Of(_ => []);
        await using var gateway = await StartAsync([Udp("v1", backend.Port)], options => options with { MaxUdpSessions = 20, MaxUdpSessionsPerAddress = 5 }, To("v1"));
        var sessions = gateway.Services.GetRequiredService<UdpSessions>();
        var origin = UdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0), new Lazy<UdpFront>(gateway.Services.GetRequiredService<UdpFront>));
        var taken = 0;
        for (var i = 0; i < 10; i++)
        {
            var client = new IPEndPoint(IPAddress.Parse("203.0.113.9"), 1000 + i);
            taken += sessions.TryAdd(new UdpSession(origin, client.Serialize(), client.Address, new StreamRecord("udp", "203.0.113.9", 0), TimeProvider.System)) ? 1 : 0;
        }
        Assert.Equal(5, taken);
        var other = new IPEndPoint(IPAddress.Parse("203.0.113.10"), 1);
        Assert.True(sessions.TryAdd(new UdpSession(origin, other.Serialize(), other.Address, new StreamRecord("udp", "203.0.113.10", 0), TimeProvider.System)));
        await origin.CloseAsync(TimeSpan.Zero, TimeProvider.System);
        Assert.Equal(0, sessions.Count);
    }

    [Fact]
    public async Task Replies_ToOneDatagram_AreBoundedUntilTheClientGoesOn()
    {
        using var backend = UdpBackend.Of(text => Enumerable.Repeat(new byte[1_000], text == "flood" ? 500 : 1));
        await using var gateway = await StartAsync([Udp("v1", backend.Port)], To("v1"));
        using var client = new UdpClientSocket(gateway.Port);
        client.Send("flood");
        var got = 0;
        while (await client.ReceiveAsync(500) is { } reply)
            got += reply.Length;
        Assert.InRange(got, 1_000, (int)ReplyBudget.First);
        Assert.NotNull(await client.AskAsync("more"));
    }

    [Fact]
    public void Budget_OfAClientThatGoesOn_Grows()
    {
        var budget = new ReplyBudget();
        budget.Heard();
        budget.Heard();
        Assert.False(budget.TrySpend((int)ReplyBudget.First + 1));
        Assert.True(budget.TrySpend((int)ReplyBudget.First));
        Assert.False(budget.TrySpend(0));
        budget.Heard();
        Assert.True(budget.TrySpend((int)ReplyBudget.Later));
        Assert.False(budget.TrySpend(1));
    }

    [Fact]
    public async Task Client_OfIPv6_IsAnsweredToo()
    {
        using var backend = UdpBackend.Echo("v6:");
        await using var gateway = await StartAsync([Udp("v1", backend.Port)], options => options with { Bind = IPAddress.IPv6Loopback }, To("v1"));
        using var client = new UdpClientSocket(gateway.Port, IPAddress.IPv6Loopback);
        Assert.Equal("v6:x", await client.AskAsync("x"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.3.0.7")]
    public async Task Socket_OfAllAddresses_AnswersFromTheOneThatWasAsked(string address)
    {
        using var backend = UdpBackend.Echo();
        await using var gateway = await StartAsync([Udp("v1", backend.Port)], options => options with { Bind = IPAddress.Any }, To("v1"));
        using var client = new UdpClientSocket(gateway.Port, IPAddress.Parse(address));
        Assert.Equal("x", await client.AskAsync("x"));
        Assert.Equal("y", await client.AskAsync("y"));
    }

    [Fact]
    public async Task Port_InUse_IsReportedAndTakenOnceItIsFree()
    {
        using var backend = UdpBackend.Echo();
        using var other = UdpBackend.Echo();
        await using var gateway = await StartAsync([Udp("v1", backend.Port)], options => options with { Publish = new Dictionary<int, int> { [ListenerPort] = other.Port } }, To("v1"));
        var sockets = gateway.Services.GetRequiredService<SocketSet>();
        Assert.StartsWith("PortUnavailable", Assert.Single(sockets.Report()).Error, StringComparison.Ordinal);
        var port = other.Port;
        other.Dispose();
        for (var i = 0; i < 100 && !sockets.Report()[0].Bound; i++)
            await Task.Delay(50);
        using var client = new UdpClientSocket(port);
        Assert.Equal("x", await client.AskAsync("x"));
    }

    [Fact]
    public async Task AccessLog_OfSession_SaysWhereItWent()
    {
        var file = Path.GetTempFileName();
        using var backend = UdpBackend.Echo("abc");
        await using (var gateway = await StartAsync([Udp("v1", backend.Port)], options => options with { AccessLog = file }, To("v1")))
        {
            using var client = new UdpClientSocket(gateway.Port);
            Assert.Equal("abcx", await client.AskAsync("x"));
        }
        var line = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(file))).RootElement;
        File.Delete(file);
        Assert.Equal(("udp", 1, 4, 200), (line.GetProperty("protocol").GetString(), line.GetProperty("received").GetInt32(), line.GetProperty("sent").GetInt32(), line.GetProperty("status").GetInt32()));
    }

    private static ListenerEntry UdpListener => Tcp("udp") with { Protocol = "UDP" };

    private static BackendEntry Udp(string name, int port) => Backend(name, port) with { Protocol = "udp" };

    private static Task<TestGateway> StartAsync(BackendEntry[] backends, params WeightedBackend[] to) => StartAsync(backends, options => options, to);

    private static async Task<TestGateway> StartAsync(BackendEntry[] backends, Func<DataPlaneOptions, DataPlaneOptions> configure, params WeightedBackend[] to)
    {
        var gateway = await TestGateway.StartAsync(configure: options => configure(options with { Publish = new Dictionary<int, int> { [ListenerPort] = options.Publish[80] } }));
        Assert.Empty(gateway.Tables.Apply(TableEdit.Of(TlsTables.With([UdpListener], backends, StreamHost(UdpListener, "*", to)))));
        return gateway;
    }
}
