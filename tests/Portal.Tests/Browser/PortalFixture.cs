using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.Playwright;
using Xunit;

namespace Gatehouse.Portal.Tests.Browser;

/// <summary>The portal as a process of its own, a fake API behind it and Chromium in front of it.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    private static readonly string[] ChromiumArguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly string PortalAssembly = typeof(PortalFixture).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PortalAssembly").Value!;

    private readonly ConcurrentQueue<string> output = new();
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("gatehouse-portal-");
    private readonly int port = FreePort();
    private IPlaywright? playwright;
    private IBrowser? browser;
    private Process? portal;

    internal FakeApi Api { get; private set; } = default!;

    public string Url => $"http://127.0.0.1:{port}";

    public string DataDirectory => data.FullName;

    /// <summary>What the portal has logged so far.</summary>
    public string Output => string.Join('\n', output);

    public async Task InitializeAsync()
    {
        Api = await FakeApi.StartAsync();
        await StartPortalAsync();
        if (Chromium.Path is not { } path) return;
        Assertions.SetDefaultExpectTimeout(20_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true, Args = ChromiumArguments });
    }

    internal async Task<PortalPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        if (browser is null) throw new InvalidOperationException("No Chromium here, and CI must not go without: apt-get install chromium, or set CHROMIUM to its path.");
        var context = await browser.NewContextAsync(options ?? new() { ViewportSize = new() { Width = 1280, Height = 860 } });
        return new PortalPage(Url, context, await context.NewPageAsync());
    }

    public async Task StartPortalAsync()
    {
        var start = new ProcessStartInfo("dotnet", [PortalAssembly]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = data.FullName };
        start.Environment["GATEHOUSE_PORTAL"] = Url;
        start.Environment["GATEHOUSE_API_URL"] = Api.Url;
        start.Environment["GATEHOUSE_API_PUBLIC_URL"] = "https://gatehouse.example.com";
        start.Environment["GATEHOUSE_DATA_DIR"] = data.FullName;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        portal = Process.Start(start)!;
        portal.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        portal.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        portal.BeginOutputReadLine();
        portal.BeginErrorReadLine();
        await WaitUntilReadyAsync();
    }

    public async Task StopPortalAsync()
    {
        if (portal is null) return;
        portal.Kill(entireProcessTree: true);
        await portal.WaitForExitAsync();
        portal.Dispose();
        portal = null;
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        await StopPortalAsync();
        await Api.DisposeAsync();
        data.Delete(recursive: true);
    }

    private async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 150; attempt++)
        {
            try
            {
                if ((await http.GetAsync($"{Url}/readyz")).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException($"The portal did not start:\n{Output}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
