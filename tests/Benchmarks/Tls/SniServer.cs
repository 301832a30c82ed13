using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;
using Gatehouse.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Benchmarks.Tls;

/// <summary>The processes that handshakes are made with.</summary>
internal static class SniServer
{
    /// <summary>A data plane with many names, each with a listener and a certificate. Says on standard output what loading them took.</summary>
    public static int Run(string[] args)
    {
        var (port, count) = (int.Parse(args[0], CultureInfo.InvariantCulture), int.Parse(args[1], CultureInfo.InvariantCulture));
        var app = DataPlaneHost.Build(new DataPlaneOptions { Publish = new Dictionary<int, int> { [443] = port }, AccessLog = "off" });
        app.StartAsync().GetAwaiter().GetResult();
        _last = GC.GetTotalMemory(true);
        using var source = new BenchCertificates();
        var tables = app.Services.GetRequiredService<TableStore>();
        var secret = new Secret(source.KeyPem);
        var certificates = Enumerable.Range(0, count).Select(source.Entry).Select(entry => new TableEdit(FeedEntry.Certificates, entry.Key, entry) { Secret = secret }).ToArray();
        Load("certificates", tables, certificates);
        certificates = [];
        Report("certificates, kept");
        Load("listeners", tables, [.. Enumerable.Range(0, count).Select(Listener)]);
        Report("listeners, kept");
        ((IHost)app).WaitForShutdown();
        return 0;
    }

    /// <summary>Kestrel as its documentation shows it, with one certificate.</summary>
    public static int RunKestrel(string[] args)
    {
        using var source = new BenchCertificates();
        using var bare = source.WithKey(0);
        var context = SslStreamCertificateContext.Create(bare, new X509Certificate2Collection(source.Authority), offline: true);
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = context, ApplicationProtocols = [SslApplicationProtocol.Http11] };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture), listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new(options),
        })));
        var app = builder.Build();
        app.Run(http => http.Response.WriteAsync("hello"));
        app.Run();
        return 0;
    }

    private static TableEdit Listener(int index)
    {
        var entry = new ListenerEntry
        {
            Id = $"shop/Hostname/{BenchCertificates.NameOf(index)}/https", Tenant = "shop", Gateway = "platform/default", Port = 443, Protocol = "HTTPS",
            Hostname = BenchCertificates.NameOf(index), Tls = new ListenerTlsEntry { Certificates = [$"shop/c{index}"] },
        };
        return new TableEdit(FeedEntry.Listeners, entry.Id, entry);
    }

    private static void Load(string what, TableStore tables, TableEdit[] edits)
    {
        // What making the certificates left behind is not part of it.
        GC.Collect();
        var (began, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        if (tables.Apply(edits) is [var refusal, ..])
            throw new InvalidOperationException($"{refusal.Key}: {refusal.Reason}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {edits.Length} {what} loaded in {Stopwatch.GetElapsedTime(began).TotalSeconds:F2} s ({(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F2} s of processor time)"));
    }

    private static long _last;

    private static void Report(string what)
    {
        var now = GC.GetTotalMemory(true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {(now - _last) / 1048576.0:F1} MB"));
        _last = now;
    }
}
