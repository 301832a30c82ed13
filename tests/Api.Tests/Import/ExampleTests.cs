using System.Text.Json;
using Xunit;

namespace Gatehouse.Api.Tests.Import;

/// <summary>Verdicts on what guides to Gateway API show.</summary>
public sealed class ExampleTests(ImportFixture api) : IClassFixture<ImportFixture>
{
    /// <summary>Every object, with its verdict and a part of what is said of it.</summary>
    private static readonly (string Kind, string Name, string Verdict, string Says)[] Expected =
    [
        ("GatewayClass", "envoy-gateway", "ignored", "platform admin"),
        ("Namespace", "team-shop", "exact", ""),
        ("Namespace", "payments", "exact", ""),
        ("Namespace", "gateway-infra", "exact", ""),
        ("Gateway", "shared-gateway", "exact", ""),
        ("HTTPRoute", "https-only", "exact", ""),
        ("HTTPRoute", "shop", "exact", ""),
        ("HTTPRoute", "pay", "exact", ""),
        ("ReferenceGrant", "from-shop", "exact", "Converted from gateway.networking.k8s.io/v1beta1"),
        ("ReferenceGrant", "from-anyone", "refused", "names its namespaces"),
        ("GRPCRoute", "orders", "exact", ""),
        ("TCPRoute", "postgres", "exact", "Converted from gateway.networking.k8s.io/v1alpha2"),
        ("UDPRoute", "dns", "exact", "Converted from gateway.networking.k8s.io/v1alpha2"),
        ("TLSRoute", "secure", "exact", "Converted from gateway.networking.k8s.io/v1alpha2"),
        ("BackendTLSPolicy", "orders-tls", "exact", "Converted from gateway.networking.k8s.io/v1alpha3"),
        ("BackendTrafficPolicy", "api-rate-limit", "refused", "Policy"),
        ("SecurityPolicy", "shop-extauth", "refused", "ExternalAuth"),
        ("EnvoyProxy", "custom-proxy-config", "ignored", "Envoy"),
    ];

    [ExampleFact]
    public async Task Import_GatewayApiExamples_GivesEachObjectItsVerdictAndAReason()
    {
        var answer = (await api.ImportAsync(ExampleFactAttribute.Read("gateway-api.yaml"), "?source=examples&prune=true")).Expect(200);

        foreach (var (kind, name, verdict, says) in Expected)
        {
            var messages = answer.Expect(kind, name, verdict);
            Assert.Contains(says, messages, StringComparison.Ordinal);
            Assert.True(verdict == "exact" || messages.Length > 0, $"{kind} {name} has no reason.");
        }
        Assert.Equal(Expected.Length, answer.Json.GetProperty("objects").GetArrayLength());
        (await api.Admin.GetAsync("/api/v1/tenants/envoy-gateway-system")).Expect(404);
    }

    [ExampleFact]
    public async Task Import_GatewayApiExamples_ReportsWhatIsMissingAsConditions()
    {
        (await api.ImportAsync(ExampleFactAttribute.Read("gateway-api.yaml"), "?source=examples")).Expect(200);

        var gateway = (await api.Admin.GetAsync("/api/v1/tenants/gateway-infra/gateways/shared-gateway?waitFor=Accepted&timeout=10s")).Expect(200).Json;
        var https = gateway.GetProperty("status").GetProperty("listeners").EnumerateArray().Single(listener => listener.GetProperty("name").GetString() == "https");
        Assert.Equal("InvalidCertificateRef", Reason(https, "ResolvedRefs"));
        var route = (await api.Admin.GetAsync("/api/v1/tenants/team-shop/httproutes/shop")).Expect(200).Json;
        Assert.Equal("BackendNotFound", Reason(route.GetProperty("status").GetProperty("parents")[0], "ResolvedRefs"));
    }

    [ExampleFact]
    public async Task Import_GatewayApiExamplesStrictly_IsRefusedAsAWhole() =>
        (await api.ImportAsync(ExampleFactAttribute.Read("gateway-api.yaml"), "?source=strict-examples&strict=true")).ExpectProblem(422, "import_refused");

    private static string? Reason(JsonElement owner, string type) => owner.GetProperty("conditions").EnumerateArray()
        .Single(condition => condition.GetProperty("type").GetString() == type).GetProperty("reason").GetString();
}
