using System.Globalization;
using System.Net.Http.Json;

namespace Gatehouse.Testing.Acme;

/// <summary>What pebble-challtestsrv answers, set over its management port. Host names are absolute, with or without the final dot.</summary>
public sealed class ChallengeServer : IDisposable
{
    private readonly HttpClient _http;

    internal ChallengeServer(int port) =>
        _http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")) };

    /// <summary>Answers http-01 for a token.</summary>
    public Task AddHttp01Async(string token, string content) => PostAsync("add-http01", new { token, content });

    /// <summary>Answers http-01 for a token no longer.</summary>
    public Task RemoveHttp01Async(string token) => PostAsync("del-http01", new { token });

    /// <summary>Answers tls-alpn-01 for a name.</summary>
    public Task AddTlsAlpn01Async(string host, string content) => PostAsync("add-tlsalpn01", new { host, content });

    /// <summary>Adds a TXT record.</summary>
    public Task AddTextAsync(string host, string value) => PostAsync("set-txt", new { host = Absolute(host), value });

    /// <summary>Removes the TXT records of a name.</summary>
    public Task ClearTextAsync(string host) => PostAsync("clear-txt", new { host = Absolute(host) });

    /// <summary>Sets the A records of a name.</summary>
    public Task SetAddressesAsync(string host, params string[] addresses) => PostAsync("add-a", new { host = Absolute(host), addresses });

    /// <summary>Sets the CNAME record of a name.</summary>
    public Task SetCnameAsync(string host, string target) => PostAsync("set-cname", new { host = Absolute(host), target = Absolute(target) });

    /// <summary>Answers SERVFAIL for a name.</summary>
    public Task SetServerFailureAsync(string host) => PostAsync("set-servfail", new { host = Absolute(host) });

    /// <summary>Adds a CAA record.</summary>
    public Task AddCaaAsync(string host, string tag, string value) =>
        PostAsync("add-caa", new { host = Absolute(host), policies = new[] { new { tag, value } } });

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task PostAsync<T>(string path, T body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
    }

    private static string Absolute(string host) => host.TrimEnd('.') + ".";
}
