using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.StreamTables;
using static Gatehouse.DataPlane.Tests.Harness.Tables;
using static Gatehouse.DataPlane.Tests.Harness.TlsTables;

namespace Gatehouse.DataPlane.Tests.Tls;

public sealed class TlsStreamTests
{
    private static readonly TestCertificate Shop = TestCertificate.Of("shop", "shop.test");
    private static readonly TestCertificate Inside = TestCertificate.Of("inside", "inside.test");

    [Fact]
    public async Task Passthrough_ByServerName_ShowsTheBackendsOwnCertificate()
    {
        using var backend = TlsEcho(Inside);
        var listener = Passthrough("*.test");
        await using var gateway = await StartAsync(With([listener], [TcpBackendEntry("v1", backend.Port)], StreamHost(listener, "inside.test", To("v1"))));
        await using var client = await gateway.ConnectAsync("inside.test");
        Assert.Equal("inside.test", client.Names[0]);
        Assert.Equal("x", await AskAsync(client, "x"));
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("other.test"));
    }

    [Fact]
    public async Task Passthrough_ToABackendWithTlsOfItsOwn_AddsNone()
    {
        using var backend = TlsEcho(Inside);
        var listener = Passthrough("*.test");
        var entry = TcpBackendEntry("v1", backend.Port) with { Protocol = "tls", Tls = new BackendTlsEntry { Hostname = "nobody.test" } };
        await using var gateway = await StartAsync(With([listener], [entry], StreamHost(listener, "inside.test", To("v1"))));
        await using var client = await gateway.ConnectAsync("inside.test");
        Assert.Equal("x", await AskAsync(client, "x"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Passthrough_OfAHelloInPieces_ForwardsItUnchanged(int size)
    {
        using var backend = TcpBackend.Echo();
        var listener = Passthrough(null);
        await using var gateway = await StartAsync(With([listener], [TcpBackendEntry("v1", backend.Port)], StreamHost(listener, "inside.test", To("v1"))));
        var hello = Hellos.Records(Hellos.Message(Hellos.ServerName("Inside.test"u8.ToArray())), size);
        using var client = await ConnectAsync(gateway.Port);
        foreach (var part in hello.Chunk(size))
            await client.SendAsync(part);
        await client.SendAsync("more"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(Encoding.Latin1.GetString(hello) + "more", await ReadToEndAsync(client));
    }

    [Fact]
    public async Task Terminate_OfAStream_PassesOnWhatIsInside()
    {
        using var backend = TcpBackend.Of(async socket =>
        {
            var heard = await ReadToEndAsync(socket);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"heard {heard}"));
        });
        var listener = Terminate("shop.test", Shop);
        await using var gateway = await StartAsync(With([listener], [TcpBackendEntry("v1", backend.Port)], StreamHost(listener, "shop.test", To("v1"))), Shop);
        await using var client = await gateway.ConnectAsync("shop.test", options => options.ApplicationProtocols = [new SslApplicationProtocol("mqtt")]);
        Assert.Equal("shop.test", client.Names[0]);
        Assert.Equal("heard hello", await AskAsync(client, "hello"));
    }

    [Fact]
    public async Task Terminate_WithTlsToTheBackend_VerifiesItByItsPolicy()
    {
        using var backend = TlsEcho(Inside);
        var listener = Terminate("shop.test", Shop);
        var entry = TcpBackendEntry("v1", backend.Port) with { Tls = new BackendTlsEntry { Hostname = "inside.test", CaPem = Inside.Entry.ChainPem } };
        await using var gateway = await StartAsync(With([listener], [entry], StreamHost(listener, "shop.test", To("v1"))), Shop);
        await using (var client = await gateway.ConnectAsync("shop.test"))
            Assert.Equal("x", await AskAsync(client, "x"));
        gateway.Gateway.Set(entry with { Tls = entry.Tls with { CaPem = Shop.Entry.ChainPem } });
        await using var refused = await gateway.ConnectAsync("shop.test");
        await Assert.ThrowsAnyAsync<IOException>(() => AskAsync(refused, "x"));
    }

    [Fact]
    public async Task Port_SharedByHttpsPassthroughAndTerminate_ServesEachByItsName()
    {
        await using var web = await TestBackend.StartAsync();
        using var inside = TlsEcho(Inside);
        using var plain = TcpBackend.Echo("plain");
        var (https, through, ended) = (Https("web", "shop.test", Shop), Passthrough("inside.test"), Terminate("db.test", Shop));
        await using var gateway = await StartAsync(
            With(
                [https, through, ended],
                [Backend("web", web.Port), TcpBackendEntry("inside", inside.Port), TcpBackendEntry("plain", plain.Port)],
                Host("shop.test", Rule([To("web")]), https.Id), StreamHost(through, "inside.test", To("inside")), StreamHost(ended, "db.test", To("plain"))),
            Shop);
        Assert.StartsWith("HTTP/1.1 200", await gateway.GetAsync("shop.test", "shop.test"), StringComparison.Ordinal);
        await using var one = await gateway.ConnectAsync("inside.test");
        Assert.Equal("inside.test", one.Names[0]);
        await using var two = await gateway.ConnectAsync("db.test");
        Assert.Equal("plain\nx", await AskAsync(two, "x"));
        await Assert.ThrowsAsync<AuthenticationException>(() => gateway.ConnectAsync("nobody.test"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Backend_Invalid_HasTheConnectionRefused(bool passthrough)
    {
        var listener = passthrough ? Passthrough("shop.test") : Terminate("shop.test", Shop);
        await using var gateway = await StartAsync(With([listener], [], StreamHost(listener, "shop.test", Invalid())), Shop);
        await Assert.ThrowsAsync<IOException>(() => gateway.ConnectAsync("shop.test"));
    }

    [Fact]
    public async Task Listener_RemovedFromASharedPort_EndsItsOwnConnectionsAlone()
    {
        using var backend = TcpBackend.Echo("here");
        var (first, second) = (Terminate("a.test", Shop) with { Id = "shop/Gateway/db/a" }, Terminate("b.test", Shop) with { Id = "shop/Gateway/db/b" });
        await using var gateway = await StartAsync(
            With([first, second], [TcpBackendEntry("v1", backend.Port)], StreamHost(first, "a.test", To("v1")), StreamHost(second, "b.test", To("v1"))), Shop);
        await using var gone = await gateway.ConnectAsync("a.test");
        await using var stays = await gateway.ConnectAsync("b.test");
        var buffer = new byte[10];
        Assert.Equal(5, await gone.Stream.ReadAtLeastAsync(buffer, 5));
        Assert.Equal(5, await stays.Stream.ReadAtLeastAsync(buffer, 5));
        gateway.Tables.Apply([new TableEdit(FeedEntry.Listeners, first.Id, null)]);
        await Assert.ThrowsAnyAsync<IOException>(() => gone.ReadToEndAsync());
        Assert.Equal("x", await AskAsync(stays, "x"));
    }

    internal static ListenerEntry Passthrough(string? hostname) => Https("through", hostname) with { Protocol = "TLS", Tls = new ListenerTlsEntry { Passthrough = true } };

    private static ListenerEntry Terminate(string? hostname, params TestCertificate[] certificates) => Https("ended", hostname, certificates) with { Protocol = "TLS" };

    private static async Task<string> AskAsync(TlsClient client, string text)
    {
        await client.Stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        await client.Stream.ShutdownAsync();
        return await client.ReadToEndAsync();
    }

    private static TcpBackend TlsEcho(TestCertificate certificate) => TcpBackend.Of(async socket =>
    {
        using var own = X509Certificate2.CreateFromPem(certificate.Entry.ChainPem, certificate.Key);
        await using var stream = new SslStream(new NetworkStream(socket));
        try
        {
            await stream.AuthenticateAsServerAsync(own);
            var buffer = new byte[1024];
            while (await stream.ReadAsync(buffer) is > 0 and var count)
                await stream.WriteAsync(buffer.AsMemory(0, count));
            await stream.ShutdownAsync();
        }
        catch (Exception closed) when (closed is IOException or AuthenticationException)
        {
            // A probe, or a client that does not trust it.
        }
    });
}
