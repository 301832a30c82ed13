using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Testing.Acme;
using Gatehouse.Testing.Backends;
using Gatehouse.Testing.Dns;
using Gatehouse.Testing.Net;

namespace Gatehouse.EndToEnd.Certificates;

/// <summary>An instance that proves names and has certificates issued: beside it a DNS server for the zone example.test and certificate authorities that look there.</summary>
internal sealed class AcmeSite : IAsyncDisposable
{
    public const string Zone = "example.test";
    public const string Key = "gatehouse:hmac-sha256:c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0";

    private readonly string settings;

    private AcmeSite(KnotServer dns, StandaloneInstance gatehouse, int tlsPort, EchoBackend backend, string settings) =>
        (Dns, Gatehouse, TlsPort, Backend, this.settings) = (dns, gatehouse, tlsPort, backend, settings);

    public KnotServer Dns { get; }

    public StandaloneInstance Gatehouse { get; }

    public EchoBackend Backend { get; }

    /// <summary>Port for HTTPS.</summary>
    public int TlsPort { get; }

    public List<PebbleServer> Authorities { get; } = [];

    /// <summary>What stands before the authorities of a relayed site, in their order.</summary>
    public List<AuthorityRelay> Relays { get; } = [];

    /// <summary>What stands before the DNS server of a relayed site where the instance itself asks; the authorities ask the server.</summary>
    public DnsRelay? Resolver { get; private set; }

    /// <summary>Starts all of it.</summary>
    /// <param name="authorities">How many authorities, called ca1 and so on.</param>
    /// <param name="further">More settings, or other ones.</param>
    /// <param name="pebble">How the authorities behave.</param>
    /// <param name="relayed">Whether the instance asks authorities and DNS through relays, which tests can hold.</param>
    /// <param name="settings">More settings of each authority.</param>
    /// <param name="options">More options of the instance.</param>
    public static async Task<AcmeSite> StartAsync(
        int authorities = 1, object? further = null, PebbleOptions? pebble = null, bool relayed = false, Func<string, PebbleServer, Task<object>>? settings = null,
        IReadOnlyList<string>? options = null)
    {
        var dns = await KnotServer.StartAsync(new Dictionary<string, string> { [Zone] = "* A 127.0.0.1", ["test"] = "" }, Key);
        var tlsPort = FreePort.Next();
        var file = Path.Combine(Directory.CreateTempSubdirectory("gatehouse-issuance-").FullName, "issuance.json");
        var gatehouse = new StandaloneInstance(
            ["--publish", string.Create(CultureInfo.InvariantCulture, $"443:{tlsPort}"), "--hostname-verification", "required", "--issuance-file", file, .. options ?? []]);
        // Port 80 too: options replace each other as a whole.
        gatehouse.Replace("--publish", string.Create(CultureInfo.InvariantCulture, $"80:{gatehouse.TrafficPort},443:{tlsPort}"));
        var site = new AcmeSite(dns, gatehouse, tlsPort, await EchoBackend.StartAsync("v1"), file);
        for (var i = 0; i < authorities; i++)
            site.Authorities.Add(await PebbleServer.StartAsync((pebble ?? new PebbleOptions()) with { HttpPort = gatehouse.TrafficPort, TlsPort = tlsPort, DnsServer = dns.EndPoint.ToString() }));
        if (relayed)
        {
            site.Resolver = new DnsRelay(dns.EndPoint);
            foreach (var authority in site.Authorities)
                site.Relays.Add(await AuthorityRelay.StartAsync(authority));
        }
        site.Write(further, await Task.WhenAll(site.Authorities.Select((authority, i) => settings?.Invoke(NameOf(i), authority) ?? Task.FromResult(new object()))));
        await gatehouse.StartAsync();
        return site;
    }

    /// <summary>Changes DNS as its owner would; lines such as <c>add NAME 60 TXT "value"</c>.</summary>
    public Task ChangeDnsAsync(params string[] lines) => ChangeDnsAsync(Dns, lines);

    /// <summary>The same on another server that knows the zone and the key.</summary>
    public static async Task ChangeDnsAsync(KnotServer server, params string[] lines)
    {
        using var process = Process.Start(new ProcessStartInfo("knsupdate", ["-y", $"hmac-sha256:gatehouse:{Key.Split(':')[2]}"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"server 127.0.0.1 {server.Port}\nzone {Zone}.\n{string.Join('\n', lines)}\nsend\nquit\n"));
        process.StandardInput.Close();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"knsupdate: {error}");
    }

    /// <summary>Makes a tenant with a backend and a route for all its names.</summary>
    public async Task AddTenantAsync(string tenant)
    {
        await Gatehouse.Api.PutAsync($"tenants/{tenant}", "{}");
        await Gatehouse.Api.PutAsync($"tenants/{tenant}/backends/v1", string.Create(CultureInfo.InvariantCulture, $$$"""{"spec":{"endpoints":[{"address":"127.0.0.1","port":{{{Backend.Port}}}}]}}"""));
        await Gatehouse.Api.PutAsync($"tenants/{tenant}/httproutes/web", """{"spec":{"rules":[{"backendRefs":[{"name":"v1"}]}]}}""");
    }

    /// <summary>Claims a name, sets the record that its status asks for, and waits until it is verified.</summary>
    public async Task<JsonElement> ClaimAsync(string tenant, string hostname, string spec = "{}")
    {
        var claimed = await Gatehouse.Api.PutAsync($"tenants/{tenant}/hostnames/{hostname}", $$"""{"spec":{{spec}}}""");
        var dns = claimed.Document.GetProperty("status").GetProperty("dns");
        await ChangeDnsAsync($"add {dns.GetProperty("recordName").GetString()}. 60 TXT \"{dns.GetProperty("recordValue").GetString()}\"", $"add {hostname}. 60 A 127.0.0.1");
        var verified = await Gatehouse.Api.PostAsync($"tenants/{tenant}/hostnames/{hostname}/verify", "{}");
        return verified.Document.GetProperty("state").GetString() == "Verified" ? verified.Document : throw new InvalidOperationException(verified.Text);
    }

    /// <summary>Waits until the managed certificate of a name is there, and returns the Hostname.</summary>
    public async Task<JsonElement> WaitForCertificateAsync(string tenant, string hostname, int seconds = 40)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await Gatehouse.Api.GetAsync($"tenants/{tenant}/hostnames/{hostname}");
            var ready = answer.Condition("CertificateReady");
            if (ready?.Status == "True")
                return answer.Document;
            if (TimeProvider.System.GetElapsedTime(begun).TotalSeconds > seconds)
                throw new TimeoutException($"{hostname} has no certificate: {answer.Document.GetProperty("status").GetProperty("issuance")}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gatehouse.DisposeAsync();
        foreach (var relay in Relays)
            await relay.DisposeAsync();
        foreach (var authority in Authorities)
            await authority.DisposeAsync();
        if (Resolver is not null)
            await Resolver.DisposeAsync();
        await Dns.DisposeAsync();
        await Backend.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(settings)!, recursive: true);
    }

    private static string NameOf(int authority) => string.Create(CultureInfo.InvariantCulture, $"ca{authority + 1}");

    private void Write(object? further, object[] each)
    {
        var roots = Path.Combine(Path.GetDirectoryName(settings)!, "roots");
        var authorities = new List<JsonObject>();
        foreach (var authority in Authorities)
        {
            var name = NameOf(authorities.Count);
            var relay = Relays.ElementAtOrDefault(authorities.Count);
            File.WriteAllText($"{roots}-{name}.pem", (relay?.TrustedRoots ?? authority.TrustedRoots).ExportCertificatePems());
            var own = JsonSerializer.SerializeToNode(each[authorities.Count])!.AsObject();
            (own["name"], own["directory"], own["roots"]) = (name, (relay?.DirectoryUrl ?? authority.DirectoryUrl).AbsoluteUri, $"{roots}-{name}.pem");
            authorities.Add(own);
        }
        var text = JsonSerializer.SerializeToNode(new
        {
            resolvers = new[] { (Resolver?.EndPoint ?? Dns.EndPoint).ToString() },
            edge = new { addresses = new[] { "127.0.0.1" }, name = $"edge.{Zone}", tenantZone = $"tenants.{Zone}", httpPort = Gatehouse.TrafficPort },
            challengeZone = new { zone = Zone, server = Dns.EndPoint.ToString(), key = Key },
            authorities,
            firstRetry = "1s",
            renewalCheck = "1s",
            budget = new { ordersPerTenantPerHour = 100_000, ordersPerHour = 100_000 },
        })!.AsObject();
        if (further is not null)
        {
            foreach (var (name, value) in JsonSerializer.SerializeToNode(further)!.AsObject().ToList())
                text[name] = value?.DeepClone();
        }
        File.WriteAllText(settings, text.ToJsonString());
    }
}
