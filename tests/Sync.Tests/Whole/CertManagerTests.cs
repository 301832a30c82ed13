using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>A class whose cluster has certificates issued by cert-manager, which the test plays.</summary>
public sealed class CertManagerTests(WholeFixture whole) : IClassFixture<WholeFixture>
{
    private const string Gateways = "gateway.networking.k8s.io/v1";

    private PlayedController Controller => new(whole.Cluster);

    [KubernetesFact]
    public async Task Hostname_OfAClassWithCertManager_IsIssuedThereAndNothingIsOrderedHere()
    {
        (await whole.Admin.PutAsync("/api/v1/gatewayclasses/issuing", $$$"""
            {"spec":{"controllerName":"gatehouse.dev/gateway-controller","target":{"type":"Kubernetes","cluster":"{{{WholeFixture.ClusterName}}}",
            "gatewayClassName":"{{{whole.ClassName}}}","gatewayNamespace":"{{{whole.GatewayNamespace}}}","certManager":{"issuer":"letsencrypt"} } } }
            """)).Expect(201);
        (await whole.Admin.PutAsync("/api/v1/tenants/platform/gateways/issuing", """
            {"spec":{"gatewayClassName":"issuing","listeners":[{"name":"http","port":80,"protocol":"HTTP"}],"allowedListeners":{"namespaces":{"from":"All"}}}}
            """)).Expect(201);
        const string hostname = "issued.example.com";
        const string path = $"/api/v1/tenants/issued/hostnames/{hostname}";
        await whole.AddTenantAsync("issued");
        await whole.PutAsync("issued", "backends/web", """{"endpoints":[{"address":"203.0.113.10","port":80}]}""");
        await whole.PutAsync("issued", $"hostnames/{hostname}", """{"gateways":[{"namespace":"platform","name":"issuing"}]}""");
        await whole.PutAsync("issued", "httproutes/web", $$$"""{"hostnames":["{{{hostname}}}"],"rules":[{"backendRefs":[{"name":"web"}]}]}""");
        await Controller.TakeClassAsync(whole.ClassName);

        var listener = await ListenerAsync(hostname);
        var gateway = await whole.FindAsync("Gateway", whole.GatewayNamespace, "issuing");
        Assert.Equal("letsencrypt", (string?)gateway["metadata"]!["annotations"]!["cert-manager.io/cluster-issuer"]);
        var reference = listener["tls"]!["certificateRefs"]!.AsArray().Single()!;
        Assert.Null(reference["namespace"]);
        var secret = (string)reference["name"]!;
        Assert.Null(await whole.Cluster.GetAsync("v1", "Secret", whole.GatewayNamespace, secret));

        // The controller looks before cert-manager is ready.
        var waiting = await ServeUntilAsync(path, "False", "NotIssuedYet");
        Assert.Contains(WholeFixture.ClusterName, WholeFixture.ConditionOf(waiting, "CertificateReady")!.Value.GetProperty("message").GetString(), StringComparison.Ordinal);

        await whole.Cluster.ApplyAsync($$$"""
            {"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/tls","metadata":{"name":"{{{secret}}}","namespace":"{{{whole.GatewayNamespace}}}"},"data":{"tls.crt":"","tls.key":""} }
            """);
        await ServeUntilAsync(path, "True", "IssuedInCluster");
        await WholeFixture.UntilAsync(async () => await StateAsync(path) == "External", "status.issuance says that the cluster issues");
        Assert.Empty((await whole.Admin.GetAsync("/api/v1/tenants/issued/certificates")).Expect(200).Json.GetProperty("items").EnumerateArray());

        // What cert-manager made is not Gatehouse's to delete.
        (await whole.Admin.DeleteAsync(path)).Expect(204);
        await WholeFixture.UntilAsync(
            async () => await whole.Cluster.GetAsync(Gateways, "Gateway", whole.GatewayNamespace, "issuing") is { } left && Find(left, hostname) is null, "the listener is gone");
        Assert.NotNull(await whole.Cluster.GetAsync("v1", "Secret", whole.GatewayNamespace, secret));
    }

    // The Gateway changes while routes come; a controller looks at each generation.
    private async Task<JsonElement> ServeUntilAsync(string path, string status, string reason)
    {
        JsonElement seen = default;
        await WholeFixture.UntilAsync(
            async () =>
            {
                await Controller.ServeAsync("Gateway", whole.GatewayNamespace, "issuing");
                seen = (await whole.Admin.GetAsync(path)).Expect(200).Json;
                return WholeFixture.ConditionOf(seen, "CertificateReady") is { } ready && ready.GetProperty("status").GetString() == status && ready.GetProperty("reason").GetString() == reason;
            },
            $"CertificateReady={status} {reason}",
            () => seen.ToString());
        return seen;
    }

    private async Task<JsonNode> ListenerAsync(string hostname)
    {
        JsonNode? found = null;
        await WholeFixture.UntilAsync(
            async () => (found = await whole.Cluster.GetAsync(Gateways, "Gateway", whole.GatewayNamespace, "issuing") is { } gateway ? Find(gateway, hostname) : null) is not null,
            $"the Gateway has an HTTPS listener for {hostname}");
        return found!;
    }

    private async Task<string?> StateAsync(string path) =>
        (await whole.Admin.GetAsync(path)).Expect(200).Json.GetProperty("status").TryGetProperty("issuance", out JsonElement issuance) ? issuance.GetProperty("state").GetString() : null;

    private static JsonNode? Find(JsonObject gateway, string hostname) => gateway["spec"]!["listeners"]!.AsArray()
        .FirstOrDefault(listener => (string?)listener!["hostname"] == hostname && (string?)listener["protocol"] == "HTTPS");
}
