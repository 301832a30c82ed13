using System.Globalization;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Testing.Backends;
using Gatehouse.Testing.Certificates;
using Gatehouse.Testing.Net;
using Xunit;

namespace Gatehouse.EndToEnd.Database;

/// <summary>The hosts as docker-compose.yml runs them: each a process of its own, configured by variables, with a Postgres elsewhere.</summary>
public sealed class HostsAloneTests
{
    private const string Credential = "a-credential-for-the-pool";

    [Fact]
    public async Task Hosts_EachAlone_ServeTheSmallestUse()
    {
        using var directory = new TemporaryDirectory();
        await using var postgres = await TcpPostgres.StartAsync();
        await using var backend = await EchoBackend.StartAsync("v1");
        var (api, portal, sync, admin, traffic) = (Url(), Url(), Url(), Url(), FreePort.Next());
        await using var migrator = HostProcess.Start(
            "Migrations", ("GATEHOUSE_DATABASE_OWNER", postgres.Owner), ("GATEHOUSE_APP_PASSWORD", "app-password"), ("GATEHOUSE_COMPILER_PASSWORD", "compiler-password"));
        Assert.True(await migrator.WaitForExitAsync() == 0, migrator.Output);
        var compiler = postgres.As("gatehouse_compiler", "compiler-password");
        var feed = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{FreePort.Next()}"));
        var pair = TestKeyPair.Ec("localhost");
        await File.WriteAllTextAsync(directory.In("api.pem"), pair.Certificate);
        await File.WriteAllTextAsync(directory.In("api.key"), pair.PrivateKey);
        await using var apiHost = HostProcess.Start(
            "Api",
            ("GATEHOUSE_API", $"{api.OriginalString};{feed.OriginalString}"), ("GATEHOUSE_API_CERTIFICATE_FILE", directory.In("api.pem")), ("GATEHOUSE_API_CERTIFICATE_KEY_FILE", directory.In("api.key")),
            ("GATEHOUSE_DATABASE", postgres.As("gatehouse_app", "app-password")), ("GATEHOUSE_DATABASE_COMPILER", compiler),
            ("GATEHOUSE_ADMIN_TOKEN", StandaloneInstance.AdminToken), ("GATEHOUSE_HOSTNAME_VERIFICATION", "off"),
            ("GATEHOUSE_DATAPLANE_CREDENTIALS", "default=" + Credential), ("GATEHOUSE_KEK", KeyRing.Draw()), ("GATEHOUSE_DATA_DIR", directory.In("api")));
        await using var portalHost = HostProcess.Start(
            "Portal", ("GATEHOUSE_PORTAL", portal.OriginalString), ("GATEHOUSE_API_URL", api.OriginalString), ("GATEHOUSE_DATA_DIR", directory.In("portal")));
        await using var syncHost = HostProcess.Start(
            "Sync", ("GATEHOUSE_SYNC", sync.OriginalString), ("GATEHOUSE_DATABASE_COMPILER", compiler), ("GATEHOUSE_HOSTNAME_VERIFICATION", "off"));
        await File.WriteAllTextAsync(directory.In("credential"), Credential);
        await using var dataPlane = HostProcess.Start(
            "DataPlane",
            ("GATEHOUSE_FEED", feed.OriginalString), ("GATEHOUSE_FEED_CA", directory.In("api.pem")), ("GATEHOUSE_CREDENTIAL_FILE", directory.In("credential")), ("GATEHOUSE_REPLICA", "alone"), ("GATEHOUSE_BIND", "127.0.0.1"),
            ("GATEHOUSE_PUBLISH", string.Create(CultureInfo.InvariantCulture, $"80:{traffic}")), ("GATEHOUSE_ADMIN", admin.OriginalString), ("GATEHOUSE_DATA_DIR", directory.In("data-plane")),
            ("GATEHOUSE_BACKEND_ALLOW", "127.0.0.0/8"));

        foreach (var (url, host) in new[] { (api, apiHost), (portal, portalHost), (sync, syncHost), (admin, dataPlane) })
            await host.WaitUntilReadyAsync(url);
        using var rest = new RestClient(api, StandaloneInstance.AdminToken);
        using var client = new TrafficClient(traffic);
        await Objects.ServeAsync(rest, "alone", "alone.example.com", backend);

        Assert.Equal(20, (await client.CountAsync("alone.example.com", 20))["v1"]);
    }

    [Theory]
    [InlineData("Api", "GATEHOUSE_DATABASE")]
    [InlineData("Sync", "GATEHOUSE_DATABASE_COMPILER")]
    [InlineData("Migrations", "GATEHOUSE_DATABASE_OWNER")]
    public async Task Host_WithoutItsSettings_NamesTheMissingOneInOneLine(string project, string variable)
    {
        await using var host = HostProcess.Start(project);

        Assert.NotEqual(0, await host.WaitForExitAsync());
        await Task.Delay(100);
        Assert.Contains(variable, Assert.Single(host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "openssl rand -base64 32")]
    [InlineData("c2hvcnQ=", "key 1 is not 32 bytes")]
    public async Task Api_WithoutAKeyEncryptionKey_SaysInOneLineHowToMakeOne(string? kek, string advice)
    {
        (string, string)[] settings = [("GATEHOUSE_DATABASE", "Host=nowhere"), ("GATEHOUSE_DATABASE_COMPILER", "Host=nowhere")];
        await using var host = HostProcess.Start("Api", kek is null ? settings : [.. settings, ("GATEHOUSE_KEK", kek)]);

        Assert.NotEqual(0, await host.WaitForExitAsync());
        await Task.Delay(100);
        var line = Assert.Single(host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("GATEHOUSE_KEK", line, StringComparison.Ordinal);
        Assert.Contains(advice, line, StringComparison.Ordinal);
        Assert.DoesNotContain(kek ?? "-", kek is null ? "" : line, StringComparison.Ordinal);
    }

    private static Uri Url() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
}
