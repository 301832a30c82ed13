using System.Globalization;
using System.Text.Json;
using Gatehouse.EndToEnd.Database;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Acme;
using Gatehouse.Testing.Backends;
using Gatehouse.Testing.Certificates;
using Gatehouse.Testing.Dns;
using Gatehouse.Testing.Net;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>Two API processes on one database, a data plane that is fed by the first, and an authority behind a relay.</summary>
internal sealed class PairSite : IAsyncDisposable
{
    private const string Credential = "a-credential-for-the-pool";

    private readonly TemporaryDirectory directory = new();
    private readonly Stack<IAsyncDisposable> parts = new();

    public KnotServer Dns { get; private set; } = null!;

    public AuthorityRelay Authority { get; private set; } = null!;

    public TcpPostgres Postgres { get; private set; } = null!;

    public IReadOnlyList<(HostProcess Process, RestClient Api)> Apis { get; private set; } = [];

    public static async Task<PairSite> StartAsync()
    {
        var site = new PairSite();
        try
        {
            await site.BeginAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part))
            await part.DisposeAsync();
        foreach (var (_, api) in Apis)
            api.Dispose();
        directory.Dispose();
    }

    private async Task BeginAsync()
    {
        var traffic = FreePort.Next();
        Dns = Kept(await KnotServer.StartAsync(new Dictionary<string, string> { [AcmeSite.Zone] = "* A 127.0.0.1", ["test"] = "" }, AcmeSite.Key));
        var pebble = Kept(await PebbleServer.StartAsync(new PebbleOptions { HttpPort = traffic, DnsServer = Dns.EndPoint.ToString() }));
        Authority = Kept(await AuthorityRelay.StartAsync(pebble));
        Postgres = Kept(await TcpPostgres.StartAsync());
        await using (var migrator = HostProcess.Start(
            "Migrations", ("GATEHOUSE_DATABASE_OWNER", Postgres.Owner), ("GATEHOUSE_APP_PASSWORD", "app-password"), ("GATEHOUSE_COMPILER_PASSWORD", "compiler-password")))
        {
            if (await migrator.WaitForExitAsync() != 0)
                throw new InvalidOperationException(migrator.Output);
        }
        await WriteSettingsAsync(traffic);
        var feed = Url("https://localhost");
        var (first, second) = (Url("http://127.0.0.1"), Url("http://127.0.0.1"));
        var kek = KeyRing.Draw();
        Apis = [StartApi("first", kek, first, $"{first.OriginalString};{feed.OriginalString}"), StartApi("second", kek, second, second.OriginalString)];
        var backend = Kept(await EchoBackend.StartAsync("v1"));
        await File.WriteAllTextAsync(directory.In("credential"), Credential);
        var admin = Url("http://127.0.0.1");
        var dataPlane = Kept(HostProcess.Start(
            "DataPlane",
            ("GATEHOUSE_FEED", feed.OriginalString), ("GATEHOUSE_FEED_CA", directory.In("api.pem")), ("GATEHOUSE_CREDENTIAL_FILE", directory.In("credential")), ("GATEHOUSE_REPLICA", "alone"), ("GATEHOUSE_BIND", "127.0.0.1"),
            ("GATEHOUSE_PUBLISH", string.Create(CultureInfo.InvariantCulture, $"80:{traffic},443:{FreePort.Next()}")), ("GATEHOUSE_ADMIN", admin.OriginalString), ("GATEHOUSE_DATA_DIR", directory.In("data-plane")),
            ("GATEHOUSE_BACKEND_ALLOW", "127.0.0.0/8")));
        foreach (var (url, host) in new[] { (first, Apis[0].Process), (second, Apis[1].Process), (admin, dataPlane) })
            await host.WaitUntilReadyAsync(url);
        await Apis[0].Api.PutAsync("tenants/shop", "{}");
        await Apis[0].Api.PutAsync("tenants/shop/backends/v1", Objects.Backend(backend.Port));
        await Apis[0].Api.PutAsync("tenants/shop/httproutes/web", """{"spec":{"rules":[{"backendRefs":[{"name":"v1"}]}]}}""");
    }

    private (HostProcess, RestClient) StartApi(string name, string kek, Uri url, string urls) => (
        Kept(HostProcess.Start(
            "Api",
            ("GATEHOUSE_API", urls), ("GATEHOUSE_API_CERTIFICATE_FILE", directory.In("api.pem")), ("GATEHOUSE_API_CERTIFICATE_KEY_FILE", directory.In("api.key")),
            ("GATEHOUSE_DATABASE", Postgres.As("gatehouse_app", "app-password")), ("GATEHOUSE_DATABASE_COMPILER", Postgres.As("gatehouse_compiler", "compiler-password")),
            ("GATEHOUSE_ADMIN_TOKEN", StandaloneInstance.AdminToken), ("GATEHOUSE_DATAPLANE_CREDENTIALS", "default=" + Credential), ("GATEHOUSE_KEK", kek),
            ("GATEHOUSE_ISSUANCE_FILE", directory.In("issuance.json")), ("GATEHOUSE_DATA_DIR", directory.In(name)))),
        new RestClient(url, StandaloneInstance.AdminToken));

    private async Task WriteSettingsAsync(int traffic)
    {
        var pair = TestKeyPair.Ec("localhost");
        await File.WriteAllTextAsync(directory.In("api.pem"), pair.Certificate);
        await File.WriteAllTextAsync(directory.In("api.key"), pair.PrivateKey);
        await File.WriteAllTextAsync(directory.In("roots.pem"), Authority.TrustedRoots.ExportCertificatePems());
        await File.WriteAllTextAsync(directory.In("issuance.json"), JsonSerializer.Serialize(new
        {
            resolvers = new[] { Dns.EndPoint.ToString() },
            edge = new { addresses = new[] { "127.0.0.1" }, httpPort = traffic },
            authorities = new[] { new { name = "ca1", directory = Authority.DirectoryUrl.AbsoluteUri, roots = "roots.pem" } },
            firstRetry = "1s",
        }));
    }

    private T Kept<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }

    private static Uri Url(string host) => new(string.Create(CultureInfo.InvariantCulture, $"{host}:{FreePort.Next()}"));
}
