using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Contracts.Api;
using Gatehouse.Portal.Sessions;

namespace Gatehouse.Portal.Api;

/// <summary>The REST API as the signed-in user. Answers are values: a page decides what each problem means to its reader.</summary>
internal sealed class GatehouseApiClient(HttpClient http, ApiSession session)
{
    private const string Root = "api/v1/";

    public Task<ApiResult<SessionView>> SignInAsync(string email, string password, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "auth/login") { Content = JsonContent.Create(new LoginRequest(email, password), options: ApiJson.Options) };
        return SendAsync<SessionView>(request, cancellation);
    }

    public Task<ApiResult<Me>> GetMeAsync(string token, CancellationToken cancellation) =>
        SendAsync<Me>(Authorized(new HttpRequestMessage(HttpMethod.Get, "auth/me"), token), cancellation);

    public async Task<ApiResult<Me>> GetMeAsync(CancellationToken cancellation) =>
        await session.FindTokenAsync() is { } token ? await GetMeAsync(token, cancellation) : SignedOut;

    /// <summary>Ends the session at the API; the portal signs out even if the API cannot be reached.</summary>
    public async Task SignOutAsync(CancellationToken cancellation)
    {
        if (await session.FindTokenAsync() is { } token)
            await SendAsync<JsonElement?>(Authorized(new HttpRequestMessage(HttpMethod.Post, "auth/logout"), token), cancellation);
    }

    public Task<ApiResult<ListPage<TenantView>>> ListTenantsAsync(ListQuery query, CancellationToken cancellation) =>
        GetAsync<ListPage<TenantView>>($"{Root}tenants{QueryString(query)}", cancellation);

    public Task<ApiResult<TenantView>> GetTenantAsync(string tenant, CancellationToken cancellation) =>
        GetAsync<TenantView>($"{Root}tenants/{Uri.EscapeDataString(tenant)}", cancellation);

    /// <param name="tenant">Tenant.</param>
    /// <param name="plural">Kind by its name in URLs, for example <c>httproutes</c>.</param>
    /// <param name="query">Which part of the list.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<ApiResult<ListPage<ApiResource>>> ListAsync(string tenant, string plural, ListQuery query, CancellationToken cancellation) =>
        GetAsync<ListPage<ApiResource>>($"{Root}tenants/{Uri.EscapeDataString(tenant)}/{plural}{QueryString(query)}", cancellation);

    public Task<ApiResult<ApiResource>> GetAsync(string tenant, string plural, string name, CancellationToken cancellation) =>
        GetAsync<ApiResource>(PathOf(tenant, plural, name), cancellation);

    /// <summary>Creates an object; one that is there already is left as it is, and that is a failure.</summary>
    public Task<ApiResult<ApiResource>> CreateAsync(string tenant, string plural, string name, JsonObject spec, CancellationToken cancellation) =>
        WriteAsync<ApiResource>(HttpMethod.Put, PathOf(tenant, plural, name), new JsonObject { ["spec"] = spec }, ("If-None-Match", "*"), cancellation);

    /// <summary>Creates an object, or replaces the spec of the one that is there.</summary>
    public Task<ApiResult<ApiResource>> PutAsync(string tenant, string plural, string name, JsonObject spec, CancellationToken cancellation) =>
        WriteAsync<ApiResource>(HttpMethod.Put, PathOf(tenant, plural, name), new JsonObject { ["spec"] = spec }, null, cancellation);

    /// <summary>Deletes an object.</summary>
    public Task<ApiResult<JsonElement?>> DeleteAsync(string tenant, string plural, string name, CancellationToken cancellation) =>
        WriteAsync<JsonElement?>(HttpMethod.Delete, PathOf(tenant, plural, name), null, null, cancellation);

    /// <summary>Has something done with an object, for example <c>verify</c>.</summary>
    public Task<ApiResult<JsonElement?>> ActAsync(string tenant, string plural, string name, string action, CancellationToken cancellation) =>
        WriteAsync<JsonElement?>(HttpMethod.Post, $"{PathOf(tenant, plural, name)}/{action}", [], null, cancellation);

    private static string PathOf(string tenant, string plural, string name) => $"{Root}tenants/{Uri.EscapeDataString(tenant)}/{plural}/{Uri.EscapeDataString(name)}";

    private async Task<ApiResult<T>> WriteAsync<T>(HttpMethod method, string path, JsonObject? body, (string Name, string Value)? header, CancellationToken cancellation)
    {
        if (await session.FindTokenAsync() is not { } token) return SignedOut;
        var request = Authorized(new HttpRequestMessage(method, path), token);
        if (body is not null) request.Content = JsonContent.Create(body, options: ApiJson.Options);
        if (header is { } known) request.Headers.TryAddWithoutValidation(known.Name, known.Value);
        return await SendAsync<T>(request, cancellation);
    }

    private static ApiFailure SignedOut { get; } = new(401, "signed_out", "Your session has ended.");

    private async Task<ApiResult<T>> GetAsync<T>(string path, CancellationToken cancellation) =>
        await session.FindTokenAsync() is { } token
            ? await SendAsync<T>(Authorized(new HttpRequestMessage(HttpMethod.Get, path), token), cancellation)
            : SignedOut;

    private static HttpRequestMessage Authorized(HttpRequestMessage request, string token)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private async Task<ApiResult<T>> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            using (request)
            using (var response = await http.SendAsync(request, cancellation))
            {
                if (!response.IsSuccessStatusCode) return await ReadProblemAsync(response, cancellation);
                if (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0) return new ApiResult<T>(default, null);
                return new ApiResult<T>(await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, cancellation), null);
            }
        }
        catch (HttpRequestException)
        {
            return ApiFailure.Unreachable;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ApiFailure(0, "api_timeout", "The Gatehouse API did not answer in time. Traffic is not affected.");
        }
        catch (JsonException)
        {
            return new ApiFailure(502, "api_answer", "The Gatehouse API answered in a form that this portal does not know: are both of the same version?");
        }
    }

    private static async Task<ApiFailure> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var media = response.Content.Headers.ContentType?.MediaType;
        var body = media is MediaTypeNames.Application.ProblemJson or MediaTypeNames.Application.Json
            ? await response.Content.ReadFromJsonAsync<ApiProblem>(ApiJson.Options, cancellation)
            : null;
        return new ApiFailure(status, body?.Code ?? $"http_{status}", body?.Detail ?? body?.Title ?? $"The API answered {status}.")
        {
            TraceId = body?.TraceId,
            Errors = body?.Errors ?? [],
        };
    }

    private static string QueryString(ListQuery query)
    {
        var text = $"?limit={query.Limit}";
        if (query.Continue is { Length: > 0 } position) text += $"&continue={Uri.EscapeDataString(position)}";
        if (query.Search is { Length: > 0 } search) text += $"&search={Uri.EscapeDataString(search)}";
        return text;
    }
}
