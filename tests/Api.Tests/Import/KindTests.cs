using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace Gatehouse.Api.Tests.Import;

/// <summary>What becomes of each kind.</summary>
public sealed class KindTests(ImportFixture api) : IClassFixture<ImportFixture>
{
    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: kinds}
        spec:
          clusterIP: 10.0.0.1
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: 8080, appProtocol: kubernetes.io/h2c}]

        """;

    private static string Slice(string name, string service, string endpoints) => $$"""
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: {{name}}, namespace: kinds, labels: {kubernetes.io/service-name: {{service}} } }
        addressType: IPv4
        ports: [{name: http, port: 8080, protocol: TCP}]
        endpoints: {{endpoints}}

        """;

    [Fact]
    public async Task Service_WithSlices_IsOneObjectWithItsEndpoints()
    {
        var text = Service + Slice("web-1", "web", "[{addresses: [10.1.0.1], conditions: {ready: true}, targetRef: {kind: Pod, name: p}}]") + Slice("web-2", "web", "null");
        var answer = (await api.ImportAsync(text, "?source=services")).Expect(200);

        answer.Expect("Service", "web", "exact", "created");
        Assert.Contains("`web`", answer.Expect("EndpointSlice", "web-1", "exact"), StringComparison.Ordinal);
        answer.Expect("EndpointSlice", "web-2", "exact");
        var spec = (await api.Admin.GetAsync("/api/v1/tenants/kinds/services/web")).Expect(200).Json.GetProperty("spec");
        Assert.Equal(
            """{"ports":[{"name":"http","port":80,"appProtocol":"kubernetes.io/h2c"}],"endpointSlices":[{"name":"web-1","addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],"endpoints":[{"addresses":["10.1.0.1"],"ready":true}]},{"name":"web-2","addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],"endpoints":[]}]}""",
            spec.GetRawText());
    }

    [Fact]
    public async Task Service_WithoutSlices_SaysThatItHasNoEndpoints() =>
        Assert.Contains("503", (await api.ImportAsync(Service, "?dryRun=true")).Expect(200).Expect("Service", "web", "approximate"), StringComparison.Ordinal);

    [Fact]
    public async Task Slice_WithoutItsService_IsIgnoredWithAReason() =>
        Assert.Contains("`other`", (await api.ImportAsync(Slice("other-1", "other", "[]"), "?dryRun=true")).Expect(200).Expect("EndpointSlice", "other-1", "ignored"), StringComparison.Ordinal);

    [Fact]
    public async Task Secret_OfTypeTls_IsACertificateWhoseKeyIsNeverShown()
    {
        var (certificate, key) = Pair();
        var first = (await api.ImportAsync(Secret("edge", certificate, key), "?source=secrets")).Expect(200);
        first.Expect("Secret", "edge", "exact", "created");
        var read = (await api.Admin.GetAsync("/api/v1/tenants/kinds/certificates/edge")).Expect(200);
        Assert.Equal(certificate, read.Json.GetProperty("spec").GetProperty("certificate").GetString());
        foreach (var text in new[] { first.Text, read.Text, (await api.Admin.GetAsync("/api/v1/tenants/kinds/export")).Text, (await api.Admin.GetAsync("/api/v1/tenants/kinds/audit")).Text })
            Assert.DoesNotContain("PRIVATE KEY", text, StringComparison.Ordinal);

        (await api.ImportAsync(Secret("edge", certificate, key), "?source=secrets")).Expect(200).Expect("Secret", "edge", "exact", "unchanged");
        var (renewed, newKey) = Pair();
        (await api.ImportAsync(Secret("edge", renewed, key), "?source=secrets")).Expect(200).Expect("Secret", "edge", "refused", "none");
        (await api.ImportAsync(Secret("edge", renewed, newKey), "?source=secrets")).Expect(200).Expect("Secret", "edge", "exact", "updated");

        var export = (await api.Admin.GetAsync("/api/v1/tenants/kinds/export")).Expect(200).Text;
        (await api.ImportAsync(export, "?source=secrets&takeover=true")).Expect(200).Expect("Certificate", "edge", "exact", "unchanged");
    }

    [Fact]
    public async Task Secret_ThatIsNoCertificate_IsStoredAsInACluster()
    {
        foreach (var action in new[] { "created", "unchanged" })
            Assert.Contains("nothing can use it", (await api.ImportAsync(Secret("broken", "Hello world\n", "Hello world\n"), "?source=broken")).Expect(200).Expect("Secret", "broken", "approximate", action), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type: Opaque\ndata: {a: Yg==}", "ignored", "kubernetes.io/tls")]
    [InlineData("type: kubernetes.io/tls\ndata: {tls.crt: Yg==}", "refused", "/data/tls.key")]
    [InlineData("type: kubernetes.io/tls\ndata: {tls.crt: \"?\", tls.key: Yg==}", "refused", "/data/tls.crt")]
    [InlineData("type: kubernetes.io/tls\nstringData: {tls.crt: \"-----BEGIN PRIVATE KEY-----\", tls.key: b}", "refused", "private key")]
    public async Task Secret_Unusable_SaysWhy(string content, string verdict, string says) =>
        Assert.Contains(says, (await api.ImportAsync($"apiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: kinds}}\n{content}\n", "?dryRun=true")).Expect(200).Expect("Secret", "s", verdict), StringComparison.Ordinal);

    [Fact]
    public async Task ConfigMap_ThatLosesItsAuthorities_IsDeletedWithoutPruning()
    {
        static string Map(string key) => $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: ca, namespace: kinds}}\ndata: {{{key}: \"text\"}}\n";
        (await api.ImportAsync(Map("ca.crt"), "?source=maps")).Expect(200).Expect("ConfigMap", "ca", "exact", "created");
        var answer = (await api.ImportAsync(Map("other"), "?source=maps")).Expect(200);
        Assert.Contains("ca.crt", answer.Expect("ConfigMap", "ca", "ignored"), StringComparison.Ordinal);
        Assert.Equal(1, answer.Count("pruned"));
        (await api.Admin.GetAsync("/api/v1/tenants/kinds/configmaps/ca")).Expect(404);
    }

    [Fact]
    public async Task BackendTlsPolicy_OfItsFirstVersion_IsConverted()
    {
        const string Text = """
            apiVersion: gateway.networking.k8s.io/v1alpha2
            kind: BackendTLSPolicy
            metadata: {name: old, namespace: kinds}
            spec:
              targetRef: {group: "", kind: Service, name: web, namespace: kinds}
              tls: {caCertRefs: [{group: "", kind: ConfigMap, name: ca}], hostname: web.example.com}
            """;
        Assert.Contains("Converted", (await api.ImportAsync(Text, "?source=old")).Expect(200).Expect("BackendTLSPolicy", "old", "exact", "created"), StringComparison.Ordinal);
        Assert.Equal(
            """{"targetRefs":[{"group":"","kind":"Service","name":"web"}],"validation":{"caCertificateRefs":[{"group":"","kind":"ConfigMap","name":"ca"}],"hostname":"web.example.com"}}""",
            (await api.Admin.GetAsync("/api/v1/tenants/kinds/backendtlspolicies/old")).Expect(200).Json.GetProperty("spec").GetRawText());
    }

    [Theory]
    [InlineData("gateway.networking.k8s.io/v1", "HTTPRoute", "exact")]
    [InlineData("gateway.networking.k8s.io/v1beta1", "HTTPRoute", "exact")]
    [InlineData("gateway.networking.k8s.io/v1alpha1", "HTTPRoute", "refused")]
    [InlineData("gateway.networking.k8s.io/v2", "HTTPRoute", "refused")]
    [InlineData("gateway.networking.x-k8s.io/v1alpha1", "XListenerSet", "refused")]
    [InlineData("gateway.networking.x-k8s.io/v1alpha1", "XBackendTrafficPolicy", "refused")]
    [InlineData("traefik.io/v1alpha1", "Middleware", "refused")]
    [InlineData("vendor.example.com/v1", "QuotaPolicy", "refused")]
    [InlineData("vendor.example.com/v1", "Widget", "ignored")]
    [InlineData("apps/v1", "Deployment", "ignored")]
    [InlineData("v1", "Pod", "ignored")]
    [InlineData("gatehouse.dev/v1", "Widget", "refused")]
    [InlineData("gatehouse.dev/v2", "Backend", "refused")]
    public async Task Kind_OfAnyVersion_GetsAVerdictAndAReason(string apiVersion, string kind, string verdict)
    {
        var answer = (await api.ImportAsync($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: k, namespace: kinds}}\nspec: {{}}\n", "?dryRun=true")).Expect(200);
        var messages = answer.Expect(kind, "k", verdict);
        Assert.True(messages.Length > 0 || apiVersion.EndsWith("k8s.io/v1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GatewayClass_OfOurs_IsStoredAndTheBuiltInOneStaysAsItIs()
    {
        static string Class(string name, string description) =>
            $"---\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {{name: {name}}}\nspec: {{controllerName: gatehouse.dev/gateway-controller, description: {description}}}\n";
        var answer = (await api.ImportAsync(Class("edge", "ours") + Class("gatehouse", "changed"), "?source=classes")).Expect(200);

        answer.Expect("GatewayClass", "edge", "exact", "created");
        answer.Expect("GatewayClass", "gatehouse", "ignored", "none");
        (await api.Admin.GetAsync("/api/v1/gatewayclasses/edge")).Expect(200);
        Assert.Equal(1, (await api.ImportAsync("", "?source=classes&prune=true")).Expect(200).Count("pruned"));
        (await api.Admin.GetAsync("/api/v1/gatewayclasses/gatehouse")).Expect(200);
    }

    [Fact]
    public async Task Lists_OfAnyForm_AreTakenApart()
    {
        static string Route(string name, string head) => $$"""{{{head}}"metadata":{"name":"{{name}}","namespace":"kinds"},"spec":{} }""";
        const string Head = "\"apiVersion\":\"gateway.networking.k8s.io/v1\",\"kind\":\"HTTPRoute\",";
        var text = $$"""
            {"apiVersion":"v1","kind":"List","items":[{{Route("l1", Head)}}]}
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRouteList","items":[{{Route("l2", "")}}]}
            [{{Route("l3", Head)}},{{Route("l4", Head)}}]
            {{Route("l5", Head)}}
            """;
        var answer = (await api.ImportAsync(text, "?dryRun=true", "application/json")).Expect(200);
        foreach (var name in new[] { "l1", "l2", "l3", "l4", "l5" })
            answer.Expect("HTTPRoute", name, "exact", "created");
    }

    private static string Secret(string name, string certificate, string key) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{name}}, namespace: kinds}
        type: kubernetes.io/tls
        data: {tls.crt: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate))}}, tls.key: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(key))}}}
        """;

    private static (string Certificate, string Key) Pair()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=edge.example.com", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
