using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Options;

namespace Gatehouse.Standalone.Manifests;

/// <summary>Which API a command talks to, and with which token: those of an instance on this machine, unless others are given.</summary>
internal sealed class ApiAccess
{
    private readonly Option<string> dataDirectory = new("--data-dir")
    {
        Description = "Data directory of the running instance [GATEHOUSE_DATA_DIR]",
        DefaultValueFactory = _ => Given("--data-dir") ?? ".gatehouse",
    };

    private readonly Option<string?> api = new("--api", "--url")
    {
        Description = "URL of another instance's API (default: the running instance's) [GATEHOUSE_API]",
        DefaultValueFactory = _ => Given("--api"),
    };

    private readonly Option<string?> token = new("--token")
    {
        Description = "API token (default: the running instance's admin token) [GATEHOUSE_TOKEN, GATEHOUSE_ADMIN_TOKEN]",
        DefaultValueFactory = _ => Given("--token") ?? Given("--admin-token"),
    };

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => [dataDirectory, api, token];

    /// <summary>A client; its base address ends with <c>/api/v1/</c>.</summary>
    /// <exception cref="StartupFailure">There is no instance, or an option is wrong.</exception>
    public HttpClient Connect(ParseResult result)
    {
        var directory = result.GetValue(dataDirectory)!;
        var address = result.GetValue(api) is { Length: > 0 } given ? Parse(given) : InstanceDescription.Read(directory).Api;
        var secret = result.GetValue(token) is { Length: > 0 } own ? own : Secrets.Load(Path.Combine(Path.GetFullPath(directory), "secrets.json")).AdminToken;
        var http = new HttpClient { BaseAddress = new Uri(address, "api/v1/"), Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return http;
    }

    /// <summary>Sends; a failure to connect says what to start.</summary>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new StartupFailure($"no instance answers at {http.BaseAddress}: start one with ./gatehouse up, or name another with --api.", e);
        }
    }

    /// <summary>What a problem says, in one line.</summary>
    public static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            return "the token does not work: give one with --token.";
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var problem = JsonDocument.Parse(text);
            return problem.RootElement.GetProperty("detail").GetString() ?? text;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"HTTP {(int)response.StatusCode}";
        }
    }

    private static Uri Parse(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new StartupFailure($"--api: '{text}' is not a URL such as https://gatehouse.example.com.");

    private static string? Given(string option) => Environment.GetEnvironmentVariable(UpCommand.VariableOf(option)) is { Length: > 0 } value ? value : null;
}
