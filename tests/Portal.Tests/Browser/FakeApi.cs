using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gatehouse.Contracts.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Portal.Tests.Browser;

/// <summary>The REST contract as far as the portal reads it, on a real socket: sign-in, bearer tokens, lists with limit, continue and search, 404, 401.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    public const string Email = "ada@example.com";
    public const string Password = "correct horse battery staple";
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, bool> tokens = new();

    private FakeApi(WebApplication app, DemoData data)
    {
        this.app = app;
        Data = data;
    }

    public DemoData Data { get; }

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>While set, everything is answered as if Postgres were away.</summary>
    public bool IsDatabaseAway { get; set; }

    /// <summary>While set, the user may change nothing.</summary>
    public bool IsReader { get; set; }

    /// <summary>Certificates that were written, in order.</summary>
    public ConcurrentQueue<(string Name, JsonObject Spec)> Certificates { get; } = new();

    /// <summary>What was asked to be done with Hostnames, in order.</summary>
    public ConcurrentQueue<string> Actions { get; } = new();

    public IReadOnlyCollection<string> OpenTokens => [.. tokens.Keys];

    public static async Task<FakeApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var api = new FakeApi(app, new DemoData());
        api.Map();
        await app.StartAsync();
        return api;
    }

    /// <summary>Ends all sessions, as disabling an account does.</summary>
    public void RevokeAll() => tokens.Clear();

    private void Map()
    {
        app.MapPost("/auth/login", (JsonObject body) =>
        {
            if ((string?)body["email"] != Email || (string?)body["password"] != Password) return Problem(401, "invalid_credentials", "Email or password is wrong.");
            var token = $"ghs_{Guid.NewGuid():n}";
            tokens[token] = true;
            return Results.Json(new SessionView(token, DateTimeOffset.UtcNow.AddHours(8)));
        });
        app.MapGet("/auth/me", (HttpRequest request) => Authorized(request, () => Results.Json(
            new Me { Kind = "user", Name = Email, DisplayName = "Ada Byron", PlatformAdmin = true, Tenants = [] })));
        app.MapPost("/auth/logout", (HttpRequest request) => Authorized(request, () =>
        {
            tokens.TryRemove(Token(request), out _);
            return Results.NoContent();
        }));
        MapWrites();
        app.MapGet("/api/v1/tenants", (HttpRequest request) => Authorized(request, () => List(request, Data.Tenants)));
        app.MapGet("/api/v1/tenants/{tenant}", (HttpRequest request, string tenant) => Authorized(request, () => Find(Data.Tenants, tenant)));
        app.MapGet("/api/v1/tenants/{tenant}/{plural}", (HttpRequest request, string tenant, string plural) =>
            Authorized(request, () => List(request, Data.Of(tenant, plural))));
        app.MapGet("/api/v1/tenants/{tenant}/{plural}/{name}", (HttpRequest request, string tenant, string plural, string name) =>
            Authorized(request, () => Find(Data.Of(tenant, plural), name)));
    }

    private void MapWrites()
    {
        app.MapPut("/api/v1/tenants/{tenant}/hostnames/{name}", (HttpRequest request, string tenant, string name) => Writable(request, () =>
            Data.Of(tenant, "hostnames").Any(item => (string?)item["name"] == name)
                ? Problem(412, "precondition_failed", "It is there already.")
                : name.Contains("taken", StringComparison.Ordinal) ? Problem(409, "hostname_taken", "Another tenant holds this name.") : Results.Json(Data.AddHostname(tenant, name), statusCode: 201)));
        app.MapPut("/api/v1/tenants/{tenant}/certificates/{name}", (HttpRequest request, string tenant, string name, JsonObject body) => Writable(request, () =>
        {
            if (request.Headers.IfNoneMatch == "*" && Data.Of(tenant, "certificates").Any(item => (string?)item["name"] == name))
                return Problem(412, "precondition_failed", "It is there already.");
            Certificates.Enqueue((name, body["spec"]!.DeepClone().AsObject()));
            return Results.Json(Data.Find("shop", "certificates", "legacy"));
        }));
        app.MapDelete("/api/v1/tenants/{tenant}/{plural}/{name}", (HttpRequest request, string tenant, string plural, string name) => Writable(request, () =>
            Data.Remove(tenant, plural, name) ? Results.NoContent() : Problem(404, "not_found", "Not found.")));
        app.MapPost("/api/v1/tenants/{tenant}/hostnames/{name}/{action}", (HttpRequest request, string tenant, string name, string action) => Writable(request, () =>
        {
            Actions.Enqueue($"{action} {name}");
            return Results.Json(Data.Find(tenant, "hostnames", name));
        }));
    }

    private IResult Writable(HttpRequest request, Func<IResult> answer) => Authorized(request, () => IsReader ? Problem(403, "forbidden", "Role viewer is too low.") : answer());

    private IResult Authorized(HttpRequest request, Func<IResult> answer)
    {
        if (IsDatabaseAway) return Problem(503, "database_unavailable", "The database is away. Traffic is not affected.");
        return tokens.ContainsKey(Token(request)) ? answer() : Problem(401, "unauthenticated", "No valid token.");
    }

    private static IResult List(HttpRequest request, IReadOnlyList<JsonObject> all)
    {
        var limit = int.Parse(request.Query["limit"]!);
        var start = request.Query["continue"] is [{ Length: > 0 } position] ? int.Parse(position) : 0;
        var found = all.Where(item => ((string)item["name"]!).Contains((string?)request.Query["search"] ?? "", StringComparison.Ordinal)).ToList();
        var left = Math.Max(0, found.Count - start - limit);
        return Results.Json(new { items = found.Skip(start).Take(limit), @continue = left > 0 ? $"{start + limit}" : null, remaining = left });
    }

    private static IResult Find(IReadOnlyList<JsonObject> all, string name) =>
        all.FirstOrDefault(item => (string?)item["name"] == name) is { } found ? Results.Json(found) : Problem(404, "not_found", "Not found.");

    private static IResult Problem(int status, string code, string detail) =>
        Results.Json(
            new ApiProblem { Type = $"urn:gatehouse:problem:{code}", Title = code, Status = status, Detail = detail, Code = code, TraceId = "00-test" }, contentType: "application/problem+json", statusCode: status);

    private static string Token(HttpRequest request) => request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
