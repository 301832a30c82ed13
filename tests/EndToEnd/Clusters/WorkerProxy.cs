using System.Collections.Concurrent;
using Gatehouse.EndToEnd.Instances;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.EndToEnd.Clusters;

/// <summary>
/// Stands between workers and the API server and notes which of them writes what. Workers share a kubeconfig whose program prints a token that
/// names the process.
/// </summary>
internal sealed class WorkerProxy : IAsyncDisposable
{
    /// <summary>Variable of a worker's process that is its token.</summary>
    public const string NameVariable = "TRIED_WORKER";

    private readonly ApiServer _server;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Worker, string Write)> _writes = new();

    private WorkerProxy(ApiServer server, WebApplication app) => (_server, _app) = (server, app);

    /// <summary>Requests that may change something, in order.</summary>
    public IReadOnlyList<(string Worker, string Write)> Writes => [.. _writes];

    public static async Task<WorkerProxy> StartAsync(ApiServer server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var proxy = new WorkerProxy(server, app);
        app.Run(proxy.ForwardAsync);
        await app.StartAsync();
        return proxy;
    }

    /// <summary>Who wrote last; null: nobody did.</summary>
    public string? LastWriter => _writes.LastOrDefault().Worker;

    public int CountOf(string worker) => _writes.Count(write => write.Worker == worker);

    /// <summary>Writes a kubeconfig that leads through here.</summary>
    public async Task<string> WriteKubeconfigAsync(TemporaryDirectory directory)
    {
        var path = directory.In("kubeconfig");
        const string print = """printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$TRIED_WORKER" """;
        await File.WriteAllTextAsync(path, $$$"""
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "{{{_app.Urls.First()}}}"}}]
            users:
              - name: u
                user:
                  exec:
                    apiVersion: client.authentication.k8s.io/v1
                    interactiveMode: Never
                    command: sh
                    args:
                      - -c
                      - |
                        {{{print}}}
            """);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var worker = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (!HttpMethods.IsGet(context.Request.Method))
            _writes.Enqueue((worker, $"{context.Request.Method} {context.Request.Path}"));
        try
        {
            await PassAsync(context);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or HttpRequestException)
        {
            context.Abort();
        }
    }

    private async Task PassAsync(HttpContext context)
    {
        var ending = context.RequestAborted;
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_server.Http.BaseAddress!, context.Request.Path + context.Request.QueryString.Value));
        if (context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }
        using var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await context.Response.StartAsync(ending);
        await using var body = await response.Content.ReadAsStreamAsync(ending);
        var buffer = new byte[32 * 1024];
        while (await body.ReadAsync(buffer, ending) is > 0 and var read)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), ending);
            await context.Response.Body.FlushAsync(ending);
        }
    }
}
