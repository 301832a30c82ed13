using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Gatehouse.EndToEnd.Instances;

/// <summary>The REST API as an outside tool calls it: paths and JSON text.</summary>
internal sealed class RestClient : IDisposable
{
    private readonly HttpClient http;
    private readonly Uri root;

    public RestClient(Uri root, string token)
    {
        this.root = root;
        http = new HttpClient { BaseAddress = new Uri(root, "api/v1/"), Timeout = TimeSpan.FromSeconds(40) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The same API with another token.</summary>
    public RestClient As(string token) => new(root, token);

    public async Task<RestAnswer> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        return await RestAnswer.ReadAsync(response);
    }

    public Task<RestAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>A PUT that must succeed.</summary>
    public async Task<RestAnswer> PutAsync(string path, string json)
    {
        var answer = await SendAsync(HttpMethod.Put, path, json);
        return (int)answer.Status is 200 or 201 ? answer : throw new InvalidOperationException($"PUT {path}: {answer}");
    }

    public Task<RestAnswer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    public Task<RestAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>A GET that waits until the object is live, which must happen.</summary>
    public async Task<RestAnswer> WaitUntilLiveAsync(string path)
    {
        var answer = await GetAsync(path + "?waitFor=Live&timeout=15s");
        return answer.Status == HttpStatusCode.OK && answer.Condition("Live")?.Status == "True" ? answer : throw new InvalidOperationException($"{path} is not live: {answer}");
    }

    public void Dispose() => http.Dispose();
}

/// <summary>An answer of the REST API.</summary>
internal sealed record RestAnswer(HttpStatusCode Status, string? MediaType, string? ETag, string Text)
{
    /// <summary>The document, to read from.</summary>
    public System.Text.Json.JsonElement Document => System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(Text);

    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("null");

    public static async Task<RestAnswer> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.ETag?.ToString(), await response.Content.ReadAsStringAsync());

    /// <summary>A summary condition.</summary>
    public (string Status, string Reason, string Message)? Condition(string type) =>
        Json["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type) is { } found
            ? ((string)found["status"]!, (string)found["reason"]!, (string)found["message"]!)
            : null;

    public override string ToString() => $"{(int)Status} {Text}";
}
