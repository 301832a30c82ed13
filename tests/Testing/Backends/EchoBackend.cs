using System.Globalization;
using Gatehouse.Testing.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Testing.Backends;

/// <summary>A real HTTP server that answers with its name and counts what it was asked.</summary>
public sealed class EchoBackend : IAsyncDisposable
{
    private readonly WebApplication app;
    private long requests;

    private EchoBackend(string name, int port)
    {
        Name = name;
        Port = port;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public string Name { get; }

    public int Port { get; }

    /// <summary>How many requests it has answered.</summary>
    public long Requests => Interlocked.Read(ref requests);

    public static async Task<EchoBackend> StartAsync(string name, int? port = null)
    {
        var backend = new EchoBackend(name, port ?? FreePort.Next());
        await backend.app.StartAsync();
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        context.Response.Headers["X-Backend"] = Name;
        context.Response.Headers["X-Seen-Host"] = context.Request.Host.Value;
        context.Response.Headers["X-Seen-Path"] = context.Request.Path.Value;
        await context.Response.WriteAsync(Name, context.RequestAborted);
    }
}
