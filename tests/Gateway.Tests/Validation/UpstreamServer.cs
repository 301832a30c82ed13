using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gatehouse.Gateway.Tests.Validation;

/// <summary>A Kubernetes API with upstream's experimental CRDs, asked by dry run; reads of a kubeconfig what a test server's has: server, CA and token.</summary>
internal sealed partial class UpstreamServer : IDisposable
{
    private readonly HttpClient client;
    private readonly X509Certificate2 authority;

    public UpstreamServer(string kubeconfig)
    {
        var text = File.ReadAllText(kubeconfig);
        authority = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(Value(text, Authority()))));
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        client = new HttpClient(handler) { BaseAddress = new Uri(Value(text, Server())) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Value(text, Token()));
    }

    /// <summary>Null if the server would store the object, else its message.</summary>
    public async Task<string?> RefusalAsync(string kind, string spec)
    {
        var version = kind == "ReferenceGrant" ? "v1beta1" : "v1";
        var scope = kind == "GatewayClass" ? "gatewayclasses" : $"namespaces/default/{(kind == "BackendTLSPolicy" ? "backendtlspolicies" : kind.ToLowerInvariant() + "s")}";
        var body = $$"""{"apiVersion":"gateway.networking.k8s.io/{{version}}","kind":"{{kind}}","metadata":{"name":"case"},"spec":{{spec}}}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var uri = new Uri($"/apis/gateway.networking.k8s.io/{version}/{scope}?dryRun=All&fieldValidation=Strict", UriKind.Relative);
        using var response = await client.PostAsync(uri, content);
        return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    /// <summary>Version and channel of the CRDs, as their annotations say; null: there are none.</summary>
    public string? Bundle()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/httproutes.gateway.networking.k8s.io");
        using var response = client.Send(request);
        if (!response.IsSuccessStatusCode)
            return null;
        using var definition = JsonDocument.Parse(response.Content.ReadAsStream());
        var annotations = definition.RootElement.GetProperty("metadata").GetProperty("annotations");
        return $"{annotations.GetProperty("gateway.networking.k8s.io/bundle-version")} {annotations.GetProperty("gateway.networking.k8s.io/channel")}";
    }

    public void Dispose()
    {
        client.Dispose();
        authority.Dispose();
    }

    private static string Value(string text, Regex form) =>
        form.Match(text) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException($"The kubeconfig has no {form}.");

    [GeneratedRegex("server: *\"?([^\",} \\n]+)")]
    private static partial Regex Server();

    [GeneratedRegex("certificate-authority-data: *\"?([A-Za-z0-9+/=]+)")]
    private static partial Regex Authority();

    [GeneratedRegex("token: *\"?([^\",} \\n]+)")]
    private static partial Regex Token();
}
