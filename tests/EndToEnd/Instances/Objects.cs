using System.Globalization;
using Gatehouse.Testing.Backends;

namespace Gatehouse.EndToEnd.Instances;

/// <summary>Bodies and sequences of requests that many tests begin with.</summary>
internal static class Objects
{
    public const string Empty = """{"spec":{}}""";

    public static string Backend(int port) => string.Create(CultureInfo.InvariantCulture, $$$"""{"spec":{"endpoints":[{"address":"127.0.0.1","port":{{{port}}}}]}}""");

    public static string Route(string host, params string[] backendRefs) =>
        $$$"""{"spec":{"hostnames":["{{{host}}}"],"rules":[{"backendRefs":[{{{string.Join(',', backendRefs)}}}]}]}}""";

    public static string Ref(string name, int weight = 1) => string.Create(CultureInfo.InvariantCulture, $$"""{"name":"{{name}}","weight":{{weight}}}""");

    public static string ForeignRef(string tenant, string name) => $$"""{"group":"gatehouse.dev","kind":"Backend","namespace":"{{tenant}}","name":"{{name}}"}""";

    public static string Grant(string from) =>
        $$$"""{"spec":{"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"{{{from}}}"}],"to":[{"group":"gatehouse.dev","kind":"Backend","name":"api"}]}}""";

    /// <summary>A tenant with one hostname whose route leads to one backend, live.</summary>
    public static async Task ServeAsync(RestClient api, string tenant, string host, EchoBackend backend)
    {
        await api.PutAsync($"tenants/{tenant}", "{}");
        await api.PutAsync($"tenants/{tenant}/backends/{backend.Name}", Backend(backend.Port));
        await api.PutAsync($"tenants/{tenant}/hostnames/{host}", Empty);
        await api.PutAsync($"tenants/{tenant}/httproutes/web", Route(host, Ref(backend.Name)));
        await api.WaitUntilLiveAsync($"tenants/{tenant}/httproutes/web");
    }
}
