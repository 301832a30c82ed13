using System.Text.Json.Nodes;

namespace Gatehouse.Api.OpenApi;

/// <summary>Bodies that work, by operation.</summary>
internal static class Examples
{
    /// <summary>A certificate that parses; nobody has its key.</summary>
    private const string ExampleAuthority =
        """
        {"name":"internal-ca","spec":{"data":{"ca.crt":"-----BEGIN CERTIFICATE-----\nMIIBgDCCASagAwIBAgIBATAKBggqhkjOPQQDAjAeMRwwGgYDVQQDDBNFeGFtcGxl\nIGludGVybmFsIENBMCAXDTI2MTEyMDE0MzA1NloYDzIxMjYxMDI3MTQzMDU2WjAe\nMRwwGgYDVQQDDBNFeGFtcGxlIGludGVybmFsIENBMFkwEwYHKoZIzj0CAQYIKoZI\nzj0DAQcDQgAEwpL2mAyqPtfO9Gt9DK/iBFxINzuvhgLmd6Ix1TgCrbFdG7N9lokL\npiMv0CzIMP5s5Ma7BpxbzllX0Fean6UCl6NTMFEwHQYDVR0OBBYEFLXiA2OOf/8I\nh8whGGVbUqBk7ysvMB8GA1UdIwQYMBaAFLXiA2OOf/8Ih8whGGVbUqBk7ysvMA8G\nA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAKoQjXs88VNtO5gVZk4v\nsI+zjOBTQ0NDi9L7GEa8lng6AiAGAQC6F68g8dPEXRDXsulD2GNxQcLVBADKNh5n\nt0meIQ==\n-----END CERTIFICATE-----\n"}}}
        """;

    // The private key is none: a repository holds no key, not even one of an example.
    private const string ExampleCertificate =
        """
        {"name":"web","spec":{"certificate":"-----BEGIN CERTIFICATE-----\nMIIBqTCCAVCgAwIBAgIUchSm9eC3/7u9JP/M4ir9dLpQ308wCgYIKoZIzj0EAwIw\nGzEZMBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTAgFw0yNjExMjAxNDQ1NTRaGA8y\nMTI2MTAyNzE0NDU1NFowGzEZMBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTBZMBMG\nByqGSM49AgEGCCqGSM49AwEHA0IABKX6TfmyzSCQf6h2GiJnAqKfvsRiSRZ+dG5t\nL+fZcUUmhGa90n1KkZT9Ca7mSRmICdiNvoxDEPSDCUqPF34W0nCjcDBuMB0GA1Ud\nDgQWBBTcJGwD3jYCBHAisoA9hyE4sujKajAfBgNVHSMEGDAWgBTcJGwD3jYCBHAi\nsoA9hyE4sujKajAPBgNVHRMBAf8EBTADAQH/MBsGA1UdEQQUMBKCEHNob3AuZXhh\nbXBsZS5jb20wCgYIKoZIzj0EAwIDRwAwRAIgaZF03ey1qEABwgc64bYLdqmV8lJY\nAh2Ppd1nbQuCvooCIAnley5zMAXzjva47sxLgsiUL7TQTSyJeIuhoSOfXvoh\n-----END CERTIFICATE-----\n","privateKey":"-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n"}}
        """;

    private static readonly Dictionary<string, string> Objects = new(StringComparer.Ordinal)
    {
        ["Backend"] = """{"name":"v1","spec":{"endpoints":[{"address":"127.0.0.1","port":9001}]}}""",
        ["Hostname"] = """{"name":"shop.example.com","spec":{}}""",
        ["HTTPRoute"] = """
            {"name":"web","spec":{"hostnames":["shop.example.com"],"rules":[{"backendRefs":[{"name":"v1","weight":90},{"name":"v2","weight":10}]}]}}
            """,
        ["GRPCRoute"] = """
            {"name":"orders","spec":{"hostnames":["shop.example.com"],"rules":[{"matches":[{"method":{"service":"shop.v1.Orders"}}],"backendRefs":[{"name":"orders"}]}]}}
            """,
        ["TLSRoute"] = """{"name":"vault","spec":{"hostnames":["vault.example.com"],"rules":[{"backendRefs":[{"name":"vault"}]}]}}""",
        ["TCPRoute"] = """
            {"name":"database","spec":{"parentRefs":[{"name":"edge","sectionName":"postgres"}],"rules":[{"backendRefs":[{"name":"database"}]}]}}
            """,
        ["UDPRoute"] = """
            {"name":"dns","spec":{"parentRefs":[{"name":"edge","sectionName":"dns"}],"rules":[{"backendRefs":[{"name":"dns"}]}]}}
            """,
        ["BackendTLSPolicy"] = """
            {"name":"api","spec":{"targetRefs":[{"group":"gatehouse.dev","kind":"Backend","name":"api"}],"validation":{"hostname":"api.internal.example.com","caCertificateRefs":[{"group":"","kind":"ConfigMap","name":"internal-ca"}]}}}
            """,
        ["Certificate"] = ExampleCertificate,
        ["ConfigMap"] = ExampleAuthority,
        ["Gateway"] = """{"name":"edge","spec":{"gatewayClassName":"gatehouse","listeners":[{"name":"http","port":80,"protocol":"HTTP"}]}}""",
        ["ListenerSet"] = """
            {"name":"extra","spec":{"parentRef":{"name":"default","namespace":"platform"},"listeners":[{"name":"http","hostname":"api.example.com","port":80,"protocol":"HTTP"}]}}
            """,
        ["ReferenceGrant"] = """
            {"name":"shop","spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"shop"}],"to":[{"group":"gatehouse.dev","kind":"Backend","name":"api"}]}}
            """,
        ["GatewayClass"] = """{"name":"gatehouse","spec":{"controllerName":"gatehouse.dev/gateway-controller"}}""",
        ["Cluster"] = """{"name":"east","spec":{"inCluster":true,"namespacePrefix":"team-","backendAllow":["10.0.0.0/8"]}}""",
        ["ClusterNamespace"] = """{"name":"shop","spec":{"namespace":"shop-production","mode":"Adopted"}}""",
        ["Tenant"] = """{"name":"shop","displayName":"Shop"}""",
        ["Token"] = """{"name":"ci","role":"editor"}""",
        ["Member"] = """{"name":"ann@example.com","role":"editor"}""",
        ["User"] = """{"name":"ann@example.com","displayName":"Ann","password":"correct horse battery staple"}""",
    };

    /// <summary>JSON is YAML, so one text shows both.</summary>
    private const string Manifests = """
        {"apiVersion":"v1","kind":"List","items":[{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"web","namespace":"shop"},
        "spec":{"hostnames":["shop.example.com"],"rules":[{"backendRefs":[{"name":"v1","port":8080}]}]}}]}
        """;

    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["login"] = """{"email":"admin@gatehouse.local","password":"correct horse battery staple"}""",
        ["patchTenant"] = """{"displayName":"The shop"}""",
        ["patchMember"] = """{"role":"admin"}""",
        ["patchUser"] = """{"disabled":true}""",
        ["importManifests"] = Manifests,
        ["importTenantManifests"] = Manifests,
        ["pruneCluster"] = """{"token":"5f0c1c2e"}""",
        ["surveyCluster"] = """{"namespaces":["shop-production"]}""",
        ["probeHTTPRoute"] = """{"hostname":"shop.example.com","path":"/","compare":true}""",
        ["revokeHostname"] = """{"reason":"KeyCompromise"}""",
        ["explainRequest"] = """{"method":"GET","url":"http://shop.example.com/"}""",
    };

    /// <summary>Example of the body of an operation, or null.</summary>
    public static JsonNode? Of(string operationId)
    {
        if (Others.TryGetValue(operationId, out var other))
            return JsonNode.Parse(other);
        if (operationId.StartsWith("patch", StringComparison.Ordinal))
            return JsonNode.Parse("""{"labels":{"app":"web","old":null}}""");
        foreach (var verb in new[] { "create", "put" })
        {
            if (operationId.StartsWith(verb, StringComparison.Ordinal) && Objects.TryGetValue(operationId[verb.Length..], out var text))
                return JsonNode.Parse(text);
        }
        return null;
    }
}
