using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gatehouse.Persistence.PrivateKeys;
using Gatehouse.Control.Compiling;
using Gatehouse.ServiceDefaults;
using Gatehouse.Testing.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gatehouse.Api.Tests.Rest;

/// <summary>A running API on a database of its own, with the tenants shop and payments and a token of every role in each.</summary>
public class ApiFixture : IAsyncLifetime
{
    public const string AdminToken = "gh_test-admin-token-0123456789";
    public const string AdminPassword = "correct horse battery staple";

    public static readonly string[] Tenants = ["shop", "payments"];
    public static readonly string[] Roles = ["viewer", "editor", "admin", "owner"];

    private readonly Dictionary<(string Tenant, string Role), string> _tokens = [];
    private WebApplication? _app;

    public TestDatabase Database { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>What the API compiled.</summary>
    public CompileHost Compiled => _app!.Services.GetRequiredService<CompileHost>();

    /// <summary>The bootstrap token.</summary>
    public ApiClient Admin => Client(AdminToken);

    protected virtual Task<PostgresServer> ServerAsync() => PostgresServer.SharedAsync();

    /// <summary>The host is built and starts next.</summary>
    protected virtual void Started(IServiceProvider services)
    {
    }

    protected virtual ApiHostOptions Configure(ApiHostOptions options) => options;

    /// <summary>A client with the token of a role in a tenant.</summary>
    public ApiClient As(string tenant, string role) => Client(_tokens[(tenant, role)]);

    public ApiClient Client(string? token)
    {
        var http = new HttpClient { BaseAddress = Address };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new ApiClient(http);
    }

    public virtual async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateEmptyAsync(await ServerAsync());
        _app = ApiHost.Build(Configure(new ApiHostOptions
        {
            Url = "http://127.0.0.1:0",
            Database = new Secret(Database.App),
            CompilerDatabase = new Secret(Database.Compiler),
            AdminToken = new Secret(AdminToken),
            AdminPassword = new Secret(AdminPassword),
            HostnameVerification = false,
            Keys = KeyRingSource.Open(null, KeyRing.Draw()),
        }));
        Started(_app.Services);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
        await WaitUntilReadyAsync();
        foreach (var tenant in Tenants)
            await AddTenantAsync(tenant);
    }

    public virtual async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        await Database.DisposeAsync();
    }

    public async Task WaitUntilReadyAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await Client(null).SendAsync("GET", "/readyz");
            if (answer.Status == 200)
                return;
            Assert.True(attempt < 100, answer.Text);
            await Task.Delay(100);
        }
    }

    /// <summary>Creates a tenant with a token of every role.</summary>
    public async Task AddTenantAsync(string tenant)
    {
        (await Admin.PutAsync($"/api/v1/tenants/{tenant}", """{"displayName":"Test"}""")).Expect(201);
        foreach (var role in Roles)
        {
            var created = (await Admin.PostAsync($"/api/v1/tenants/{tenant}/tokens", $$"""{"name":"{{role}}","role":"{{role}}"}""")).Expect(201);
            _tokens[(tenant, role)] = created.Json.GetProperty("token").GetString()!;
        }
    }
}

/// <summary>Sends requests with one token.</summary>
public sealed class ApiClient(HttpClient http)
{
    public Task<ApiAnswer> GetAsync(string path) => SendAsync("GET", path);

    public Task<ApiAnswer> PutAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("PUT", path, body, headers: headers);

    public Task<ApiAnswer> PostAsync(string path, string body = "{}", params (string Name, string Value)[] headers) => SendAsync("POST", path, body, headers: headers);

    public Task<ApiAnswer> PatchAsync(string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync("PATCH", path, body, "application/merge-patch+json", headers);

    public Task<ApiAnswer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync("DELETE", path, headers: headers);

    public async Task<ApiAnswer> SendAsync(
        string method, string path, string? body = null, string? contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (contentType is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        return new ApiAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);
    }
}

/// <summary>An answer, read.</summary>
public sealed record ApiAnswer(int Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    public string? Code => Json.GetProperty("code").GetString();

    public string? ETag => Headers.ETag?.ToString();

    public ApiAnswer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>Expects a well-formed problem.</summary>
    public ApiAnswer ExpectProblem(int status, string code)
    {
        Expect(status);
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        Assert.Equal(code, Code);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(Json.GetProperty("traceId").GetString()));
        return this;
    }

    /// <summary>Expects an error at a pointer.</summary>
    public ApiAnswer ExpectField(string pointer, string code)
    {
        Assert.Contains(Json.GetProperty("errors").EnumerateArray(), error =>
            error.GetProperty("pointer").GetString() == pointer && error.GetProperty("code").GetString() == code);
        return this;
    }
}
