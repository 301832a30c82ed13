using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Testing.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Acme.Tests.Scripted;

/// <summary>A real HTTP server that answers as an authority would, until a test tells it to answer otherwise.</summary>
internal sealed class ScriptedAuthority : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly int _port = FreePort.Next();
    private readonly Dictionary<string, RequestDelegate> _answers = [];
    private readonly List<(string Path, string Body, string Agent)> _asked = [];
    private int _nonces;

    private ScriptedAuthority()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url("").AbsoluteUri);
        _app = builder.Build();
        _app.Run(AnswerAsync);
        Http = AcmeHttp.Create();
        Client = CreateClient();
        this["/dir"] = context => JsonAsync(context, DirectoryJson());
        this["/nonce"] = _ => Task.CompletedTask;
        this["/account"] = context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers.Location = Url("/account/1").AbsoluteUri;
            return JsonAsync(context, """{"status":"valid"}""");
        };
        this["/order"] = context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers.Location = Url("/order/1").AbsoluteUri;
            return JsonAsync(context, OrderJson("pending"));
        };
    }

    public HttpClient Http { get; }

    public AcmeClient Client { get; }

    /// <summary>Paths that were asked for, in order.</summary>
    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_asked)
                return [.. _asked.Select(asked => asked.Path)];
        }
    }

    /// <summary>User agents that asked.</summary>
    public IReadOnlyList<string> Agents
    {
        get
        {
            lock (_asked)
                return [.. _asked.Select(asked => asked.Agent).Distinct()];
        }
    }

    /// <summary>What a path answers.</summary>
    public RequestDelegate this[string path]
    {
        set => _answers[path] = value;
    }

    public static async Task<ScriptedAuthority> StartAsync()
    {
        var authority = new ScriptedAuthority();
        await authority._app.StartAsync();
        return authority;
    }

    /// <summary>One with an account.</summary>
    public static async Task<ScriptedAuthority> WithAccountAsync()
    {
        var authority = await StartAsync();
        await authority.Client.EnsureAccountAsync([], null);
        return authority;
    }

    public AcmeClient CreateClient(TimeSpan? requestTimeout = null) =>
        new(Http, Url("/dir"), AcmeKey.Generate(), null, null, requestTimeout ?? TimeSpan.FromSeconds(10));

    public Uri Url(string path) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}{path}"));

    /// <summary>The directory, with some entries set or, where null, removed.</summary>
    public string DirectoryJson(params (string Name, string? Url)[] changes)
    {
        var directory = new JsonObject();
        foreach (var (name, path) in new[]
        {
            ("newNonce", "/nonce"), ("newAccount", "/account"), ("newOrder", "/order"), ("revokeCert", "/revoke"), ("keyChange", "/key"), ("renewalInfo", "/ari/"),
        })
            directory[name] = Url(path).AbsoluteUri;
        foreach (var (name, url) in changes)
        {
            directory.Remove(name);
            if (url is not null)
                directory[name] = url;
        }
        return directory.ToJsonString();
    }

    public string OrderJson(string status, string? error = null) => $$"""
        {"status":"{{status}}","identifiers":[{"type":"dns","value":"a.example.com"}],"authorizations":["{{Url("/authz/1")}}"],
         "finalize":"{{Url("/finalize/1")}}","certificate":"{{Url("/certificate/1")}}"{{(error is null ? "" : ",\"error\":" + error)}}}
        """;

    /// <summary>The protected header or the payload of the last request to a path.</summary>
    public JsonNode Signed(string path, string part)
    {
        lock (_asked)
        {
            var body = JsonNode.Parse(_asked.Last(asked => asked.Path == path && asked.Body.Length > 0).Body)!;
            return JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(body[part]!.GetValue<string>()))!;
        }
    }

    public static Task JsonAsync(HttpContext context, string json) => WriteAsync(context, "application/json", json);

    public static Task ProblemAsync(HttpContext context, int status, string type, string more = "")
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, "application/problem+json", $$"""{"type":"urn:ietf:params:acme:error:{{type}}","detail":"Why it is so"{{more}}}""");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Client.Key.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private static Task WriteAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var path = context.Request.Path.Value!;
        lock (_asked)
            _asked.Add((path, body, context.Request.Headers.UserAgent.ToString()));
        context.Response.Headers["Replay-Nonce"] = string.Create(CultureInfo.InvariantCulture, $"nonce-{Interlocked.Increment(ref _nonces)}");
        if (_answers.TryGetValue(path, out var answer))
            await answer(context);
        else
            context.Response.StatusCode = 404;
    }
}
