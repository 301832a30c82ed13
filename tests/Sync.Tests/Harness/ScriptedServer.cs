using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Gatehouse.Sync.Kubernetes;
using Gatehouse.Sync.Kubernetes.Kubeconfigs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Sync.Tests.Harness;

/// <summary>A request that came.</summary>
internal sealed record SeenRequest(string Method, string PathAndQuery, string Protocol, string? Authorization, string? UserAgent, string Host, string? ClientSubject, string Body, TimeSpan At)
{
    /// <summary>Value of a query parameter.</summary>
    public string? Query(string name) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(PathAndQuery[(PathAndQuery.IndexOf('?') is var at and >= 0 ? at : PathAndQuery.Length)..]).TryGetValue(name, out var value) ? value.ToString() : null;
}

/// <summary>A TLS and HTTP/2 server on loopback that answers in the order of a script; the last answer stays.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<SeenRequest> _requests = new();
    private readonly RequestDelegate[] _answers;
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private WebApplication _app = null!;
    private int _count;

    private ScriptedServer(RequestDelegate[] answers) => _answers = answers;

    public TestAuthority Authority { get; } = TestAuthority.Create();

    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    public string Url { get; private set; } = "";

    public static Task<ScriptedServer> StartAsync(params RequestDelegate[] answers) => StartAsync(new ServerOptions(), answers);

    public static async Task<ScriptedServer> StartAsync(ServerOptions options, params RequestDelegate[] answers)
    {
        var server = new ScriptedServer(answers);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = server.Authority.IssueServer(options.Names);
                https.ClientCertificateMode = options.AsksForClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                https.ClientCertificateValidation = (_, _, _) => true;
            }));
        });
        server._app = builder.Build();
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Url = server._app.Urls.Single();
        return server;
    }

    /// <summary>A kubeconfig of this server.</summary>
    /// <param name="user">User as YAML's flow style.</param>
    /// <param name="cluster">More fields of the cluster, each with a comma before it.</param>
    public string Kubeconfig(string user = "{token: secret-token}", string cluster = "") =>
        $"{{apiVersion: v1, kind: Config, current-context: c, contexts: [{{name: c, context: {{cluster: c, user: u}}}}], users: [{{name: u, user: {user}}}], "
        + $"clusters: [{{name: c, cluster: {{server: \"{Url}\", certificate-authority-data: {Base64(Authority.CertificatePem)}{cluster}}}}}]}}";

    public IKubernetesApi Client(KubernetesClientOptions? options = null, string user = "{token: secret-token}", string cluster = "") =>
        new KubernetesClients(options ?? Quick).FromText(Kubeconfig(user, cluster), null, KubeconfigRules.Operator);

    /// <summary>Options with waits that tests can bear.</summary>
    public static KubernetesClientOptions Quick { get; } = new() { BackoffStart = TimeSpan.FromMilliseconds(20), BackoffLimit = TimeSpan.FromMilliseconds(100), RequestTimeout = TimeSpan.FromSeconds(10) };

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        Authority.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        _requests.Enqueue(new SeenRequest(context.Request.Method, context.Request.Path + context.Request.QueryString, context.Request.Protocol, context.Request.Headers.Authorization,
            context.Request.Headers.UserAgent, context.Request.Host.Value!, context.Connection.ClientCertificate?.Subject, body, TimeProvider.System.GetElapsedTime(_started)));
        await _answers[Math.Min(Interlocked.Increment(ref _count), _answers.Length) - 1](context);
    }
}

/// <summary>What a scripted server is like.</summary>
internal sealed record ServerOptions
{
    /// <summary>Names of its certificate; none: the loopback address.</summary>
    public string[] Names { get; init; } = [];

    public bool AsksForClientCertificate { get; init; }
}
