using System.Text.Json.Nodes;

namespace Gatehouse.Api.OpenApi;

/// <summary>Bodies that work, by operation.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string> Objects = new(StringComparer.Ordinal)
    {
        ["Backend"] = """{"name":"v1","spec":{"endpoints":[{"address":"127.0.0.1","port":9001}]}}""",
        ["Hostname"] = """{"name":"shop.example.com","spec":{}}""",
        ["HTTPRoute"] = """
            {"name":"web","spec":{"hostnames":["shop.example.com"],"rules":[{"backendRefs":[{"name":"v1","weight":90},{"name":"v2","weight":10}]}]}}
            """,
        ["Gateway"] = """{"name":"edge","spec":{"gatewayClassName":"gatehouse","listeners":[{"name":"http","port":80,"protocol":"HTTP"}]}}""",
        ["ListenerSet"] = """
            {"name":"extra","spec":{"parentRef":{"name":"default","namespace":"platform"},"listeners":[{"name":"http","hostname":"api.example.com","port":80,"protocol":"HTTP"}]}}
            """,
        ["ReferenceGrant"] = """
            {"name":"shop","spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"shop"}],"to":[{"group":"gatehouse.dev","kind":"Backend","name":"api"}]}}
            """,
        ["GatewayClass"] = """{"name":"gatehouse","spec":{"controllerName":"gatehouse.dev/gateway-controller"}}""",
        ["Tenant"] = """{"name":"shop","displayName":"Shop"}""",
        ["Token"] = """{"name":"ci","role":"editor"}""",
        ["Member"] = """{"name":"ann@example.com","role":"editor"}""",
        ["User"] = """{"name":"ann@example.com","displayName":"Ann","password":"correct horse battery staple"}""",
    };

    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["login"] = """{"email":"admin@gatehouse.local","password":"correct horse battery staple"}""",
        ["patchTenant"] = """{"displayName":"The shop"}""",
        ["patchMember"] = """{"role":"admin"}""",
        ["patchUser"] = """{"disabled":true}""",
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
