using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gatehouse.EndToEnd.Clusters;

/// <summary>The API server of GATEHOUSE_TEST_KUBECONFIG, as its admin: one server, one authority and one token, as ../shared/kube writes it.</summary>
internal sealed partial class ApiServer : IDisposable
{
    private const string GatewayApi = "apis/gateway.networking.k8s.io/v1";

    private ApiServer(HttpClient http) => Http = http;

    /// <summary>Path of the kubeconfig; null: there is none.</summary>
    public static string? KubeconfigPath => Environment.GetEnvironmentVariable("GATEHOUSE_TEST_KUBECONFIG") is { Length: > 0 } path ? path : null;

    /// <summary>Requests with the admin's token.</summary>
    public HttpClient Http { get; }

    public static async Task<ApiServer> ConnectAsync()
    {
        var kubeconfig = await File.ReadAllTextAsync(KubeconfigPath ?? throw new InvalidOperationException("Set GATEHOUSE_TEST_KUBECONFIG: this test needs a Kubernetes API."));
        var authority = X509CertificateLoader.LoadCertificate(Pem(Value(kubeconfig, "certificate-authority-data")));
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 100 };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck };
        var http = new HttpClient(handler) { BaseAddress = new Uri(Value(kubeconfig, "server").Trim('"') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Value(kubeconfig, "token"));
        return new ApiServer(http);
    }

    /// <summary>A HTTPRoute; null: there is none.</summary>
    public async Task<JsonNode?> RouteAsync(string ns, string name)
    {
        using var response = await Http.GetAsync(new Uri($"{GatewayApi}/namespaces/{ns}/httproutes/{name}", UriKind.Relative));
        return response.StatusCode == HttpStatusCode.NotFound ? null : JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    /// <summary>Objects of a kind that carry our marks and are of a tenant.</summary>
    public async Task<List<JsonNode>> OursAsync(string path, string tenant)
    {
        var selector = Uri.EscapeDataString($"app.kubernetes.io/managed-by=gatehouse,gatehouse.dev/tenant={tenant}");
        var list = JsonNode.Parse(await Http.GetStringAsync(new Uri($"{path}?labelSelector={selector}", UriKind.Relative)))!;
        return [.. list["items"]!.AsArray().Select(static item => item!)];
    }

    public async Task CreateNamespaceAsync(string name)
    {
        using var content = new StringContent($$$"""{"metadata":{"name":"{{{name}}}"}}""", Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(new Uri("api/v1/namespaces", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
    }

    public async Task DeleteNamespaceAsync(string name)
    {
        using var response = await Http.DeleteAsync(new Uri($"api/v1/namespaces/{name}", UriKind.Relative));
    }

    public void Dispose() => Http.Dispose();

    private static string Value(string kubeconfig, string name) => Regex.Match(kubeconfig, $@"\b{name}: ([^\s,}}]+)", RegexOptions.CultureInvariant).Groups[1].Value;

    private static byte[] Pem(string base64)
    {
        var text = Encoding.ASCII.GetString(Convert.FromBase64String(base64));
        return Convert.FromBase64String(PemPattern().Match(text).Groups[1].Value.ReplaceLineEndings(""));
    }

    [GeneratedRegex("-----BEGIN CERTIFICATE-----(.+?)-----END", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex PemPattern();
}
