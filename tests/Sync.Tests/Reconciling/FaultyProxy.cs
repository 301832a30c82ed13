using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Kubernetes.Access;
using Gatehouse.Sync.Kubernetes.Http;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;
using Gatehouse.Sync.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Sync.Tests.Reconciling;

/// <summary>What a proxy does with a request instead of passing it on.</summary>
internal sealed record Fault(int Status, string Reason = "Faulty", bool Hangs = false, bool Cuts = false, int? RetryAfter = null);

/// <summary>Stands between a worker and the real API server, and fails as a test says. Plain HTTP on loopback.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TransportPool _server;
    private readonly ClusterAccess _access;
    private readonly CancellationTokenSource _cut = new();
    private CancellationTokenSource _connections = new();

    private FaultyProxy(WebApplication app, ClusterAccess access) => (_app, _access, _server) = (app, access, new TransportPool(access.Endpoint, new KubernetesClientOptions()));

    /// <summary>Decides on each request; null passes it on.</summary>
    public Func<HttpRequest, Fault?> Decide { get; set; } = static _ => null;

    public int Requests { get; private set; }

    public string Address => _app.Urls.First();

    public static async Task<FaultyProxy> StartAsync()
    {
        var access = (await Kubeconfig.ReadAsync([TestCluster.KubeconfigPath!], CancellationToken.None)).Select(null, KubeconfigRules.Operator, new KubernetesClientOptions());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var proxy = new FaultyProxy(app, access);
        app.Run(proxy.ForwardAsync);
        await app.StartAsync();
        return proxy;
    }

    /// <summary>A client that goes through here.</summary>
    public Task<IKubernetesApi> ClientAsync(KubernetesClientOptions? options = null) => Task.FromResult(new KubernetesClients(options ?? new KubernetesClientOptions { Tries = 1 }).FromText(
        $$$"""{"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],"clusters":[{"name":"c","cluster":{"server":"{{{Address}}}"}}],"users":[{"name":"u","user":{}}]}""",
        null,
        KubeconfigRules.Operator));

    /// <summary>Cuts all connections, those of watches too.</summary>
    public void CutAll()
    {
        var before = Interlocked.Exchange(ref _connections, new CancellationTokenSource());
        before.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        CutAll();
        await _app.DisposeAsync();
        _server.Dispose();
        _access.Credentials.Dispose();
        _cut.Dispose();
        _connections.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        Requests++;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _connections.Token, _cut.Token);
        try
        {
            if (Decide(context.Request) is { } fault)
                await FailAsync(context, fault, ending.Token);
            else
                await PassAsync(context, ending.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or HttpRequestException)
        {
            context.Abort();
        }
    }

    private static async Task FailAsync(HttpContext context, Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Hangs)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        if (fault.Cuts)
            throw new IOException("cut");
        context.Response.StatusCode = fault.Status;
        if (fault.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await context.Response.WriteAsJsonAsync(new { kind = "Status", apiVersion = "v1", status = "Failure", message = "as the test wants", reason = fault.Reason, code = fault.Status }, cancellationToken);
    }

    private async Task PassAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_access.Endpoint.Server, context.Request.Path + context.Request.QueryString.Value));
        if (context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", (string?)context.Request.ContentType);
        }
        request.Headers.TryAddWithoutValidation("Accept", (IEnumerable<string>)context.Request.Headers.Accept!);
        var credential = await _access.Credentials.GetAsync(null, cancellationToken);
        if (credential.Token is { } token)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token.Reveal()}");
        using var response = await (await _server.GetAsync(credential.Certificate, cancellationToken)).SendAsync(request, cancellationToken);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await context.Response.StartAsync(cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[32 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }
    }
}
