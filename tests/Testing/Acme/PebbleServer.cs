using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Testing.Net;

namespace Gatehouse.Testing.Acme;

/// <summary>
/// A real certificate authority on loopback: pebble, which Let's Encrypt tests clients with, and pebble-challtestsrv, which answers its
/// challenges and its DNS. pebble forgets everything when it stops.
/// </summary>
public sealed class PebbleServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("gatehouse-pebble-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly int _managementPort = FreePort.Next();
    private readonly ChildProgram _pebble;
    private readonly ChildProgram _challenges;
    private readonly HttpClient _management;

    private PebbleServer(PebbleOptions options)
    {
        HttpPort = options.HttpPort ?? FreePort.Next();
        TlsPort = options.TlsPort ?? FreePort.Next();
        var dns = Loopback(FreePort.Next());
        var challengeManagement = FreePort.Next();
        Challenges = new ChallengeServer(challengeManagement);
        TrustedRoots = [WriteCertificate()];
        _management = CreateHttp();
        _management.DefaultRequestHeaders.UserAgent.ParseAdd("gatehouse-tests");
        _management.BaseAddress = new Uri($"https://localhost:{_managementPort}/");
        File.WriteAllText(Path.Combine(_directory, "config.json"), Configuration(options).ToJsonString());
        var challenges = ChildProgram.Find("pebble-challtestsrv");
        // Versions before DNS over HTTPS call the option for DNS otherwise.
        string[] dnsArguments = ChildProgram.Help(challenges).Contains("-doh", StringComparison.Ordinal) ? ["-dnsserver", dns, "-doh", ""] : ["-dns01", dns];
        _challenges = new ChildProgram(
            challenges,
            [
                "-management", Loopback(challengeManagement), .. dnsArguments, "-https01", "", "-defaultIPv6", "",
                "-http01", options.HttpPort is null ? Loopback(HttpPort) : "", "-tlsalpn01", options.TlsPort is null ? Loopback(TlsPort) : "",
            ],
            new Dictionary<string, string>(),
            Path.Combine(_directory, "challtestsrv.log"));
        _pebble = new ChildProgram(
            ChildProgram.Find("pebble"),
            ["-config", Path.Combine(_directory, "config.json"), "-dnsserver", options.DnsServer ?? dns, "-strict"],
            new Dictionary<string, string>(options.Environment)
            {
                ["PEBBLE_VA_NOSLEEP"] = "1",
                ["PEBBLE_WFE_NONCEREJECT"] = Number(options.BadNonces),
                ["PEBBLE_AUTHZREUSE"] = Number(options.AuthorizationReuse),
                ["PEBBLE_ALTERNATE_ROOTS"] = Number(options.AlternateRoots),
                ["PEBBLE_CHAIN_LENGTH"] = Number(options.ChainLength),
            },
            Path.Combine(_directory, "pebble.log"));
    }

    /// <summary>Address of the ACME directory.</summary>
    public Uri DirectoryUrl => new($"https://localhost:{_port}/dir");

    /// <summary>Roots that pebble's own HTTPS is trusted by.</summary>
    public X509Certificate2Collection TrustedRoots { get; }

    /// <summary>The port on which http-01 looks.</summary>
    public int HttpPort { get; }

    /// <summary>The port on which tls-alpn-01 looks.</summary>
    public int TlsPort { get; }

    /// <summary>Answers challenges and DNS.</summary>
    public ChallengeServer Challenges { get; }

    /// <summary>What pebble has written.</summary>
    public string Log => _pebble.Log;

    /// <summary>Starts both programs on free ports.</summary>
    public static async Task<PebbleServer> StartAsync(PebbleOptions? options = null)
    {
        var server = new PebbleServer(options ?? new PebbleOptions());
        server._challenges.Start();
        await server.RestartAsync();
        await UntilAsync(() => server.Challenges.ClearTextAsync("warm-up.test"), () => server._challenges.Log);
        return server;
    }

    /// <summary>The authority is down until <see cref="RestartAsync"/>.</summary>
    public Task StopAsync() => _pebble.StopAsync();

    /// <summary>Starts the authority again on the same ports, with new roots and without accounts.</summary>
    public async Task RestartAsync()
    {
        _pebble.Start();
        await UntilAsync(() => _management.GetStringAsync("roots/0"), () => _pebble.Log);
    }

    /// <summary>A client that trusts pebble's own HTTPS.</summary>
    public HttpClient CreateHttp()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(TrustedRoots);
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } });
    }

    /// <summary>The root of issued certificates.</summary>
    /// <param name="index">0: the default one; more: the alternate ones.</param>
    public async Task<X509Certificate2> RootAsync(int index = 0) =>
        X509Certificate2.CreateFromPem(await _management.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"roots/{index}")));

    /// <summary>Whether a certificate is revoked, and with which reason.</summary>
    public async Task<(bool IsRevoked, int? Reason)> StatusAsync(X509Certificate2 certificate)
    {
        var status = JsonNode.Parse(await _management.GetStringAsync($"cert-status-by-serial/{certificate.SerialNumber.ToLowerInvariant()}"))!;
        return (status["Status"]!.GetValue<string>() == "Revoked", status["Reason"]?.GetValue<int>());
    }

    /// <summary>What pebble answers from now on when it is asked for a certificate's renewal information; needs a pebble of 2.7 or newer.</summary>
    public async Task SetRenewalInfoAsync(X509Certificate2 certificate, DateTimeOffset start, DateTimeOffset end, string? explanation = null)
    {
        var window = new JsonObject { ["suggestedWindow"] = new JsonObject { ["start"] = start.ToString("O"), ["end"] = end.ToString("O") } };
        if (explanation is not null)
            window["explanationURL"] = explanation;
        using var answer = await _management.PostAsJsonAsync("set-renewal-info/", new { Certificate = certificate.ExportCertificatePem(), ARIResponse = window.ToJsonString() });
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException("pebble refuses the renewal information: " + await answer.Content.ReadAsStringAsync());
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _pebble.StopAsync();
        await _challenges.StopAsync();
        _management.Dispose();
        Challenges.Dispose();
        TrustedRoots[0].Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private JsonObject Configuration(PebbleOptions options)
    {
        var seconds = (long)options.Validity.TotalSeconds;
        var pebble = new JsonObject
        {
            ["listenAddress"] = Loopback(_port),
            ["managementListenAddress"] = Loopback(_managementPort),
            ["certificate"] = Path.Combine(_directory, "cert.pem"),
            ["privateKey"] = Path.Combine(_directory, "key.pem"),
            ["httpPort"] = HttpPort,
            ["tlsPort"] = TlsPort,
            ["ocspResponderURL"] = "",
            ["externalAccountBindingRequired"] = options.ExternalAccounts.Count > 0,
            ["externalAccountMACKeys"] = JsonSerializer.SerializeToNode(options.ExternalAccounts),
            ["domainBlocklist"] = JsonSerializer.SerializeToNode(options.BlockedDomains),
            ["retryAfter"] = new JsonObject { ["authz"] = (int)options.RetryAfter.TotalSeconds, ["order"] = (int)options.RetryAfter.TotalSeconds },
            ["keyAlgorithm"] = "ecdsa",
            // The first is read by versions before profiles, the second by those since.
            ["certificateValidityPeriod"] = seconds,
            ["profiles"] = new JsonObject { ["default"] = new JsonObject { ["description"] = "As configured", ["validityPeriod"] = seconds } },
        };
        return new JsonObject { ["pebble"] = pebble };
    }

    private X509Certificate2 WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(_directory, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_directory, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return X509CertificateLoader.LoadCertificate(certificate.RawData);
    }

    private static async Task UntilAsync(Func<Task> asks, Func<string> log)
    {
        var deadline = DateTimeOffset.UtcNow + Patience;
        while (true)
        {
            try
            {
                await asks();
                return;
            }
            catch (HttpRequestException failure)
            {
                if (DateTimeOffset.UtcNow > deadline)
                    throw new InvalidOperationException("pebble does not start: " + log(), failure);
                await Task.Delay(50);
            }
        }
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
