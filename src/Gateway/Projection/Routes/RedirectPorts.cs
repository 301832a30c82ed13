using System.Text.Json.Nodes;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Routes;

/// <summary>
/// A redirect without scheme and port means "the Gateway Listener port" (https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter).
/// Where the controller listens on another port than clients see, the one that they see is written out.
/// </summary>
internal static class RedirectPorts
{
    public static void Write(JsonArray rules, IEnumerable<(int Written, int InCluster)> ports, GatewayClassTarget? target, ProjectionRun run, ResourceKey source)
    {
        if (target?.ListenerPorts is not { Count: > 0 })
            return;
        var known = ports.ToArray();
        if (known.All(static port => port.Written == port.InCluster))
            return;
        var seen = known.Select(static port => port.Written).Distinct().ToArray();
        foreach (var redirect in rules.OfType<JsonObject>().SelectMany(static rule => (rule["filters"] as JsonArray ?? []).OfType<JsonObject>()).Select(static filter => filter["requestRedirect"]).OfType<JsonObject>())
        {
            if (redirect.ContainsKey("scheme") || redirect.ContainsKey("port"))
                continue;
            if (seen is [var port])
                redirect["port"] = port;
            else
                run.Report(source, ProblemSeverity.Approximate, ProjectionReasons.NotExpressible,
                    $"A redirect without scheme and port leads to the port that the controller of cluster `{run.Cluster.Name}` listens on, which clients do not see: set its scheme, or its port.");
        }
    }
}
