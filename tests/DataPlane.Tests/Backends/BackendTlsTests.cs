using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Backends;

public sealed class BackendTlsTests
{
    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation.</summary>
    [Theory]
    [InlineData("abc.example.com", "", "", true)]
    [InlineData("other.example.com", "", "", true)]
    [InlineData("wrong.example.com", "", "", false)]
    [InlineData("wrong.example.com", "abc.example.com", "", true)]
    [InlineData("wrong.example.com", "nope.example.com,other.example.com", "", true)]
    [InlineData("abc.example.com", "nope.example.com", "", false)]
    [InlineData("wrong.example.com", "*.example.com", "", true)]
    [InlineData("wrong.example.com", "*.com", "", false)]
    [InlineData("wrong.example.com", "", "spiffe://abc.example.com/id", true)]
    [InlineData("abc.example.com", "", "spiffe://abc.example.com/other", false)]
    [InlineData("wrong.example.com", "nope.example.com", "spiffe://abc.example.com/id", true)]
    public async Task Identity_OfABackend_IsWhatThePolicyAccepts(string hostname, string names, string uris, bool accepted)
    {
        using var authority = new TestAuthority();
        await using var backend = await SecureAsync(authority.Issue("abc.example.com", "other.example.com", "spiffe://abc.example.com/id"));
        await using var gateway = await GatewayAsync(backend, new BackendTlsEntry
        {
            Hostname = hostname, CaPem = authority.Pem, SubjectAltNames = Split(names), SubjectAltUris = Split(uris),
        });
        var (status, _, body) = await gateway.GetAsync("shop.test");
        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.BadGateway, status);
        if (accepted)
            Assert.Equal($"{hostname} HTTP/1.1 shop.test", body);
        else
            Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Authority_ThatDidNotIssue_IsNotTrusted()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        await using var backend = await SecureAsync(authority.Issue("abc.example.com"));
        foreach (var pem in new[] { other.Pem, "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", null })
        {
            await using var gateway = await GatewayAsync(backend, new BackendTlsEntry { Hostname = "abc.example.com", CaPem = pem });
            Assert.Equal(HttpStatusCode.BadGateway, (await gateway.GetAsync("shop.test")).Status);
        }
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task PlainBackend_BehindAPolicy_IsNotSpokenTo()
    {
        using var authority = new TestAuthority();
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await GatewayAsync(backend, new BackendTlsEntry { Hostname = "abc.example.com", CaPem = authority.Pem });
        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.GetAsync("shop.test")).Status);
        Assert.Equal(0, backend.Requests);
    }

    [Theory]
    [InlineData("h2c")]
    [InlineData("grpc")]
    public async Task Http2Backend_WithTls_SpeaksHttp2(string protocol)
    {
        using var authority = new TestAuthority();
        await using var backend = await SecureAsync(authority.Issue("abc.example.com"), HttpProtocols.Http2);
        await using var gateway = await GatewayAsync(backend, new BackendTlsEntry { Hostname = "abc.example.com", CaPem = authority.Pem }, protocol);
        var (status, _, body) = await gateway.GetAsync("shop.test");
        Assert.Equal((HttpStatusCode.OK, "abc.example.com HTTP/2 shop.test"), (status, body));
    }

    [Theory]
    [InlineData("http", false)]
    [InlineData("https", true)]
    public async Task GrpcRoute_ToABackendOfHttp_SpeaksHttp2(string protocol, bool secure)
    {
        using var authority = new TestAuthority();
        await using var backend = secure
            ? await SecureAsync(authority.Issue("abc.example.com"), HttpProtocols.Http2)
            : await TestBackend.StartAsync(handler: context => context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Headers.Host}"), protocols: HttpProtocols.Http2);
        var rule = Rule([To("v1")]) with { Source = new RuleSource("GRPCRoute", "shop", "web", 0) };
        var entry = Backend("v1", backend.Port) with { Protocol = protocol, Tls = secure ? new BackendTlsEntry { Hostname = "abc.example.com", CaPem = authority.Pem } : null };
        await using var gateway = await TestGateway.StartAsync(Table([entry], Host("shop.test", rule)));
        var (status, _, body) = await gateway.GetAsync("shop.test");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.EndsWith("HTTP/2 shop.test", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebSocket_ToASecureBackend_CarriesBothWays()
    {
        using var authority = new TestAuthority();
        await using var backend = await SecureAsync(authority.Issue("abc.example.com"), handler: async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[100];
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await using var gateway = await GatewayAsync(backend, new BackendTlsEntry { Hostname = "abc.example.com", CaPem = authority.Pem });
        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Host", "shop.test");
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Port}/ws"), CancellationToken.None);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        var answer = new byte[100];
        var count = (await client.ReceiveAsync(answer, CancellationToken.None)).Count;
        Assert.Equal("hello", Encoding.UTF8.GetString(answer, 0, count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClientCertificate_OfBackendOrGateway_IsShown(bool ofBackend)
    {
        using var authority = new TestAuthority();
        using var shown = authority.Issue("client.example.com");
        await using var backend = await SecureAsync(authority.Issue("abc.example.com"), handler: ShownAsync);
        var tls = new BackendTlsEntry { Hostname = "abc.example.com", CaPem = authority.Pem, ClientCertificate = ofBackend ? "shop/client" : null };
        await using var gateway = await GatewayAsync(backend, tls, listenerCertificate: ofBackend ? null : "shop/client");
        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.GetAsync("shop.test")).Status);
        Assert.Empty(gateway.Tables.Apply([CertificateEdit("shop/client", shown)]));
        Assert.Equal(shown.Thumbprint, (await gateway.GetAsync("shop.test")).Body);
        Assert.Empty(gateway.Tables.Apply([new TableEdit(FeedEntry.Certificates, "shop/client", null)]));
        gateway.Set(gateway.Tables.Current.Backends.TryGetValue("shop/Backend/v1", out var state) ? state.Entry with { MaxConnectionsPerEndpoint = 7 } : throw new InvalidOperationException());
        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.GetAsync("shop.test")).Status);
    }

    [Fact]
    public async Task ClientCertificates_OfTwoGateways_ShareNoConnection()
    {
        using var authority = new TestAuthority();
        using var first = authority.Issue("first.example.com");
        using var second = authority.Issue("second.example.com");
        await using var backend = await SecureAsync(authority.Issue("abc.example.com"), handler: ShownAsync);
        var entry = Backend("v1", backend.Port) with { Protocol = "https", Tls = new BackendTlsEntry { Hostname = "abc.example.com", CaPem = authority.Pem } };
        var table = Table([entry], Host("shop.test", Rule([To("v1")])), Host("other.test", Rule([To("v1")]), "platform/Gateway/other/http")) with
        {
            Listeners = new Dictionary<string, ListenerEntry>
            {
                [ListenerId] = Listener(hostname: "shop.test") with { BackendClientCertificate = "shop/first" },
                ["platform/Gateway/other/http"] = Listener(hostname: "other.test", id: "platform/Gateway/other/http") with { BackendClientCertificate = "shop/second" },
            },
        };
        await using var gateway = await TestGateway.StartAsync(table);
        Assert.Empty(gateway.Tables.Apply([CertificateEdit("shop/first", first), CertificateEdit("shop/second", second)]));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(first.Thumbprint, (await gateway.GetAsync("shop.test")).Body);
            Assert.Equal(second.Thumbprint, (await gateway.GetAsync("other.test")).Body);
        }
    }

    private static TableEdit CertificateEdit(string key, X509Certificate2 certificate)
    {
        var entry = new CertificateEntry { Key = key, ChainPem = certificate.ExportCertificatePem(), KeyFingerprint = "00" };
        return new TableEdit(FeedEntry.Certificates, key, entry) { Secret = new Secret(certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()) };
    }

    private static Task<TestGateway> GatewayAsync(TestBackend backend, BackendTlsEntry tls, string protocol = "https", string? listenerCertificate = null)
    {
        var table = Table([Backend("v1", backend.Port) with { Protocol = protocol, Tls = tls }], Host("shop.test", Rule([To("v1")]))) with
        {
            Listeners = new Dictionary<string, ListenerEntry> { [ListenerId] = Listener() with { BackendClientCertificate = listenerCertificate } },
        };
        return TestGateway.StartAsync(table);
    }

    private static Task<TestBackend> SecureAsync(X509Certificate2 certificate, HttpProtocols protocols = HttpProtocols.Http1, RequestDelegate? handler = null) =>
        TestBackend.StartAsync(handler: handler ?? SayAsync, protocols: protocols, listen: options => options.UseHttps(https =>
        {
            https.ServerCertificateSelector = (connection, name) =>
            {
                connection!.Items["sni"] = name;
                return certificate;
            };
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        }));

    private static Task SayAsync(HttpContext context) =>
        context.Response.WriteAsync($"{context.Features.Get<IConnectionItemsFeature>()!.Items["sni"]} {context.Request.Protocol} {context.Request.Headers.Host}");

    private static Task ShownAsync(HttpContext context) => context.Response.WriteAsync(context.Connection.ClientCertificate?.Thumbprint ?? "none");

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
