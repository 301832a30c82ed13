using System.Globalization;
using Gatehouse.ServiceDefaults;
using Microsoft.AspNetCore.Http.Extensions;

namespace Gatehouse.Standalone.Echo;

/// <summary>A backend to try routes with: answers every request with what it got and who it is.</summary>
internal static class EchoServer
{
    /// <summary>Builds the server; the caller starts and stops it.</summary>
    /// <param name="name">What it calls itself.</param>
    /// <param name="port">Port of the loopback interface; 0: a free one.</param>
    public static WebApplication Build(string name, int port)
    {
        var builder = WebApplication.CreateSlimBuilder(GatehouseHost.OptionsOf(typeof(EchoServer)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, name));
        return app;
    }

    private static Task AnswerAsync(HttpContext context, string name)
    {
        context.Response.Headers["X-Backend"] = name;
        return context.Response.WriteAsJsonAsync(
            new
            {
                backend = name,
                method = context.Request.Method,
                host = context.Request.Host.Value,
                path = context.Request.GetEncodedPathAndQuery(),
                headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            },
            context.RequestAborted);
    }
}
