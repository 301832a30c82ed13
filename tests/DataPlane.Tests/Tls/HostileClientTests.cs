using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.StreamTables;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Tls;

public sealed class HostileClientTests
{
    private static readonly TestCertificate Shop = TestCertificate.Of("shop", "shop.test");

    [Fact]
    public async Task Bytes_ThatAreNoHello_GetAnAlertAndHurtNobody()
    {
        await using var gateway = await StartAsync();
        var random = new Random(11);
        byte[][] inputs =
        [
            "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"u8.ToArray(),
            [22, 3, 1, 0, 0],
            [0x80, 0x2e, 1, 3, 1],
            Hellos.Of("shop\0.test"),
            Hellos.Of(new string('a', 300)),
            .. Enumerable.Range(0, 20).Select(_ => Enumerable.Range(0, random.Next(1, 4_000)).Select(_ => (byte)random.Next(256)).Prepend((byte)23).ToArray()),
        ];
        foreach (var input in inputs)
            Assert.Equal([21, 3, 3, 0, 2, 2, 50], await SendAsync(gateway.Port, input));
        await IsServedAsync(gateway);
    }

    [Fact]
    public async Task Hello_ThatIsTooLongOrNeverEnds_IsRefused()
    {
        await using var gateway = await StartAsync();
        // Announces more than is taken.
        Assert.Equal(50, (await SendAsync(gateway.Port, [22, 3, 1, 0x40, 0, 1, 0, 0xff, 0xff, .. new byte[1_000]]))[^1]);
        // One byte a record: six bytes for each.
        Assert.Equal(50, (await SendAsync(gateway.Port, Hellos.Records(Hellos.Message(Hellos.Padding(16_000)), 1)))[^1]);
        await IsServedAsync(gateway);
    }

    [Fact]
    public async Task Handshake_ThatStopsHalfway_IsEndedAndCountedOut()
    {
        await using var gateway = await StartAsync();
        var silent = await ConnectAsync(gateway.Port);
        var half = await ConnectAsync(gateway.Port);
        await half.SendAsync(Hellos.Of("shop.test").AsMemory(0, 20));
        var dripping = await ConnectAsync(gateway.Port);
        var drip = Task.Run(async () =>
        {
            foreach (var one in Hellos.Of("shop.test"))
            {
                await dripping.SendAsync(new[] { one });
                await Task.Delay(1_000);
            }
        });
        await IsServedAsync(gateway);
        await Task.Delay(LaneTransport.HandshakeTimeout + TimeSpan.FromSeconds(1));
        foreach (var socket in (Socket[])[silent, half])
        {
            // An alert, then the end.
            Assert.Equal(7, await socket.ReceiveAsync(new byte[100]));
            Assert.Equal(0, await socket.ReceiveAsync(new byte[100]));
            socket.Dispose();
        }
        await Assert.ThrowsAsync<SocketException>(() => drip);
        dripping.Dispose();
        await CountsDownAsync(gateway);
    }

    [Fact]
    public async Task Connections_InAStorm_AreBoundedAndAllCountedOut()
    {
        const int Limit = 40;
        await using var gateway = await StartAsync(Limit);
        var sockets = new List<Socket>();
        for (var i = 0; i < 200; i++)
            sockets.Add(await ConnectAsync(gateway.Port));
        await Task.Delay(300);
        Assert.Equal(Limit, gateway.Gateway.Services.GetRequiredService<ConnectionLimits>().Count);
        sockets.ForEach(socket => socket.Dispose());
        await CountsDownAsync(gateway);
        await IsServedAsync(gateway);
    }

    [Fact]
    public async Task Refusals_AreInTheAccessLogWithTheirReasons()
    {
        var file = Path.GetTempFileName();
        await using (var gateway = await StartAsync(log: file))
        {
            await SendAsync(gateway.Port, "GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            await SendAsync(gateway.Port, Hellos.Of("evil.\"}test"));
            await SendAsync(gateway.Port, Hellos.Of("other.test"));
            await SendAsync(gateway.Port, Hellos.Of("shop.test"));
            await SendAsync(gateway.Port, Hellos.Record(Hellos.Message(Hellos.ServerName("shop.test"u8.ToArray()), Hellos.Tls13)));
        }
        var lines = (await File.ReadAllLinesAsync(file)).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        File.Delete(file);
        Assert.Equal(["bad_hello", "bad_hello", "handshake_failed", "no_cipher_suite", "no_listener"], lines.Select(line => line.GetProperty("refused").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal("other.test", lines.Single(line => line.GetProperty("refused").GetString() == "no_listener").GetProperty("serverName").GetString());
    }

    private static async Task<TlsGateway> StartAsync(int limit = 20_000, string log = "off")
    {
        var port = FreePort.Next();
        var gateway = await TestGateway.StartAsync(configure: options => options with { Publish = new Dictionary<int, int> { [HttpsPort] = port }, MaxConnections = limit, AccessLog = log });
        Assert.Empty(gateway.Tables.Apply(Edits(With([Https("one", "shop.test", Shop)], []), Shop)));
        return new TlsGateway(gateway, port);
    }

    private static async Task<byte[]> SendAsync(int port, byte[] bytes)
    {
        using var socket = await ConnectAsync(port);
        await socket.SendAsync(bytes);
        try
        {
            return Encoding.Latin1.GetBytes(await ReadToEndAsync(socket));
        }
        catch (SocketException)
        {
            // Closed with unread bytes, the alert may be lost.
            return [21, 3, 3, 0, 2, 2, 50];
        }
    }

    private static async Task IsServedAsync(TlsGateway gateway)
    {
        await using var client = await gateway.ConnectAsync("shop.test");
        Assert.Equal("shop.test", client.Names[0]);
    }

    private static async Task CountsDownAsync(TlsGateway gateway)
    {
        var limits = gateway.Gateway.Services.GetRequiredService<ConnectionLimits>();
        for (var i = 0; i < 250 && limits.Count > 0; i++)
            await Task.Delay(20);
        Assert.Equal(0, limits.Count);
    }
}
