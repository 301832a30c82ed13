using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>A real server that answers with what it got.</summary>
internal sealed class TestBackend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private TestBackend(WebApplication app, int port)
    {
        _app = app;
        Port = port;
    }

    public int Port { get; }

    public int Requests => _requests;

    public static async Task<TestBackend> StartAsync(string name = "backend", RequestDelegate? handler = null, HttpProtocols protocols = HttpProtocols.Http1, int? port = null, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var chosen = port ?? FreePort.Next();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, chosen, options =>
        {
            options.Protocols = protocols;
            listen?.Invoke(options);
        }));
        var app = builder.Build();
        var backend = new TestBackend(app, chosen);
        app.UseWebSockets();
        app.Run(context =>
        {
            Interlocked.Increment(ref backend._requests);
            return (handler ?? EchoAsync)(context);
        });
        await app.StartAsync();
        return backend;

        Task EchoAsync(HttpContext context) => context.Response.WriteAsJsonAsync(new Echo(
            name, context.Request.Method, context.Features.Get<IHttpRequestFeature>()!.RawTarget, context.Request.Headers.Host.ToString(), context.Request.Protocol,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}

internal sealed record Echo(string Backend, string Method, string Target, string Host, string Protocol, Dictionary<string, string> Headers)
{
    public static Echo Read(string json)
    {
        var echo = JsonSerializer.Deserialize<Echo>(json, JsonSerializerOptions.Web)!;
        return echo with { Headers = new Dictionary<string, string>(echo.Headers, StringComparer.OrdinalIgnoreCase) };
    }
}
