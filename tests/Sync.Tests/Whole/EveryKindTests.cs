using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Tests.Harness;
using Gatehouse.Testing.Certificates;
using Xunit;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>Everything that tenants can write, past the validation of the cluster's own definitions.</summary>
public sealed class EveryKindTests(WholeFixture whole) : IClassFixture<WholeFixture>
{
    private const string Parent = """{"name":"every","namespace":"platform"}""";
    private const string Backend = """{"group":"gatehouse.dev","kind":"Backend","name":"ip"}""";

    [KubernetesFact]
    public async Task Objects_OfEveryKind_AreTakenByTheClusterAndThenLeftAlone()
    {
        await AddGatewayAsync();
        await AddMaterialsAsync();
        await AddRoutesAsync();
        await whole.UntilConditionAsync($"/api/v1/clusters/{WholeFixture.ClusterName}", "Synced", "True", "Synced");
        await WholeFixture.UntilAsync(async () => (await KindsAsync()).IsSupersetOf(Expected), "every kind is in the cluster");
        foreach (var path in (string[])["httproutes/web", "httproutes/all", "grpcroutes/grpc", "tlsroutes/tls", "tcproutes/tcp", "udproutes/udp", "certificates/cert", "backends/ip", "backends/dns", "hostnames/every.example.com"])
            await whole.UntilConditionAsync($"/api/v1/tenants/every/{path}", "Projected", "True");

        var before = await VersionsAsync();
        await Task.Delay(TimeSpan.FromSeconds(6));
        Assert.Equal(before, await VersionsAsync());

        var diff = (await whole.Admin.GetAsync($"/api/v1/clusters/{WholeFixture.ClusterName}/manifests?diff=true")).Expect(200);
        Assert.Equal(0, diff.Json.GetProperty("answer").GetProperty("items").GetArrayLength());
    }

    private static HashSet<string> Expected => [.. WatchKinds.Core.Select(static core => core.Kind), .. WatchKinds.Gateway.Where(static kind => kind != "ListenerSet")];

    private async Task AddGatewayAsync()
    {
        const string routes = "\"allowedRoutes\":{\"namespaces\":{\"from\":\"All\"}}";
        await whole.PutAsync("platform", "gateways/every", $$$"""
            {"gatewayClassName":"kube","allowedListeners":{"namespaces":{"from":"All"}},"listeners":[{"name":"http","port":80,"protocol":"HTTP",{{{routes}}}},
            {"name":"tls","port":9443,"protocol":"TLS","tls":{"mode":"Passthrough"},{{{routes}}}},
            {"name":"tcp","port":9000,"protocol":"TCP",{{{routes}}}},{"name":"udp","port":9001,"protocol":"UDP",{{{routes}}}}]}
            """);
    }

    private async Task AddMaterialsAsync()
    {
        await whole.AddTenantAsync("every");
        await whole.AddTenantAsync("other");
        var pair = TestKeyPair.Ec("every.example.com");
        whole.Names["dns.example.com"] = ["203.0.113.5", "2001:db8:1::5"];
        await whole.PutAsync("every", "configmaps/ca", JsonSerializer.Serialize(new { data = new Dictionary<string, string> { ["ca.crt"] = pair.Certificate } }));
        await whole.PutAsync("every", "certificates/cert", JsonSerializer.Serialize(new { certificate = pair.Certificate, privateKey = pair.PrivateKey }));
        await whole.PutAsync("every", "hostnames/every.example.com", $$"""{"gateways":[{{Parent}}]}""");
        await whole.PutAsync("every", "backends/dns", """{"endpoints":[{"address":"dns.example.com","port":8080}]}""");
        await whole.PutAsync("every", "backends/ip", """
            {"endpoints":[{"address":"203.0.113.10","port":8443},{"address":"2001:db8:1::10","port":8443}],"protocol":"https",
            "tls":{"hostname":"up.example.com","caCertificateRefs":[{"group":"","kind":"ConfigMap","name":"ca"}]}}
            """);
        await whole.PutAsync("other", "backends/api", """{"endpoints":[{"address":"203.0.113.20","port":80}]}""");
        await whole.PutAsync("other", "referencegrants/all", """
            {"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"every"}],"to":[{"group":"gatehouse.dev","kind":"Backend","name":"api"}]}
            """);
    }

    private async Task AddRoutesAsync()
    {
        await whole.PutAsync("every", "httproutes/web", $$"""{"hostnames":["every.example.com"],"rules":[{"backendRefs":[{{Backend}},{"name":"dns","weight":3}]}]}""");
        await whole.PutAsync("every", "httproutes/all", $$$"""
            {"parentRefs":[{{{Parent}}}],"hostnames":["all.example.com"],"rules":[
            {"name":"one","matches":[{"path":{"type":"PathPrefix","value":"/a"},"headers":[{"name":"x","value":"y"}],"queryParams":[{"name":"q","value":"1"}],"method":"GET"}],
            "filters":[{"type":"RequestHeaderModifier","requestHeaderModifier":{"set":[{"name":"x-a","value":"b"}],"remove":["x-c"]}},
            {"type":"URLRewrite","urlRewrite":{"path":{"type":"ReplacePrefixMatch","replacePrefixMatch":"/"} } }],
            "timeouts":{"request":"10s"},"retry":{"attempts":2,"codes":[503]},
            "backendRefs":[{"group":"gatehouse.dev","kind":"Backend","name":"api","namespace":"other"}]},
            {"filters":[{"type":"RequestRedirect","requestRedirect":{"scheme":"https","statusCode":301}}]}]}
            """);
        await whole.PutAsync("every", "grpcroutes/grpc", $$$"""
            {"parentRefs":[{{{Parent}}}],"hostnames":["grpc.example.com"],"rules":[{"matches":[{"method":{"service":"a.B","method":"C"}}],"backendRefs":[{"kind":"Service","name":"svc","port":80}]}]}
            """);
        await whole.PutAsync("every", "tlsroutes/tls", """
            {"parentRefs":[{"name":"every","namespace":"platform","sectionName":"tls"}],"hostnames":["tls.example.com"],"rules":[{"backendRefs":[{"kind":"Service","name":"svc","port":443}]}]}
            """);
        await whole.PutAsync("every", "tcproutes/tcp", """{"parentRefs":[{"name":"every","namespace":"platform","sectionName":"tcp"}],"rules":[{"backendRefs":[{"kind":"Service","name":"svc","port":5432}]}]}""");
        await whole.PutAsync("every", "udproutes/udp", """{"parentRefs":[{"name":"every","namespace":"platform","sectionName":"udp"}],"rules":[{"backendRefs":[{"kind":"Service","name":"svc","port":53}]}]}""");
    }

    private async Task<List<JsonObject>> OursAsync()
    {
        var found = new List<JsonObject>();
        foreach (var (apiVersion, kind) in WatchKinds.Core.Concat(WatchKinds.Gateway.Select(static kind => ($"{WatchKinds.GatewayGroup}/v1", kind))))
        {
            var listed = await whole.Cluster.Api.ListAsync(await whole.Cluster.KindAsync(apiVersion, kind), null, $"{ObjectMarks.ManagedBy}={ObjectMarks.FieldManager}", default);
            found.AddRange(listed.Items.Where(item => ((string?)item["metadata"]!["namespace"] ?? (string)item["metadata"]!["name"]!).StartsWith(whole.Prefix, StringComparison.Ordinal)));
        }
        return found;
    }

    private async Task<HashSet<string>> KindsAsync() => [.. (await OursAsync()).Select(static item => (string)item["kind"]!)];

    private async Task<List<string>> VersionsAsync() =>
        [.. (await OursAsync()).Select(static item => $"{item["kind"]} {item["metadata"]!["namespace"]}/{item["metadata"]!["name"]} {item["metadata"]!["resourceVersion"]}").Order(StringComparer.Ordinal)];
}
