using System.Net.Http.Headers;
using System.Text.Json;

namespace Gatehouse.Standalone.Demo;

/// <summary>The calls of the REST API that the example is written with.</summary>
internal sealed class DemoApi : IDisposable
{
    private readonly HttpClient http;

    public DemoApi(Uri api, string token)
    {
        http = new HttpClient { BaseAddress = new Uri(api, "api/v1/"), Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Creates or replaces an object.</summary>
    public async Task PutAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => http.PutAsJsonAsync(path, body, cancellationToken)).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw new StartupFailure($"PUT {path} answered {(int)response.StatusCode}: {await DetailAsync(response, cancellationToken).ConfigureAwait(false)}");
    }

    /// <summary>The status of an object once it is live, or once it is clear that it will not be.</summary>
    public async Task<IReadOnlyList<(string Type, string Status, string Message)>> ConditionsAsync(string path, bool waitForLive, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => http.GetAsync(path + (waitForLive ? "?waitFor=Live&timeout=10s" : ""), cancellationToken)).ConfigureAwait(false);
        using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), default, cancellationToken).ConfigureAwait(false);
        var root = document.RootElement;
        var conditions = root.TryGetProperty("conditions", out var atTimeout) ? atTimeout
            : root.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Object && status.TryGetProperty("conditions", out var listed) ? listed : default;
        return conditions.ValueKind != JsonValueKind.Array ? [] :
            [.. conditions.EnumerateArray().Select(condition => (Text(condition, "type"), Text(condition, "status"), Text(condition, "message")))];
    }

    public void Dispose() => http.Dispose();

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new StartupFailure($"no instance answers at {http.BaseAddress}: start one with ./gatehouse up.", e);
        }
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.StatusCode == System.Net.HttpStatusCode.Unauthorized
            ? "give the token that `up` was started with as --admin-token."
            : await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
}
