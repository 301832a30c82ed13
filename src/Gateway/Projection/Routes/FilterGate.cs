using System.Text.Json.Nodes;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Routes;

/// <summary>Takes out filters that the cluster's CRDs do not have, the whole of each: without its settings the rest would be refused.</summary>
internal static class FilterGate
{
    private static readonly string[] Settings = ["requestHeaderModifier", "responseHeaderModifier", "requestMirror", "requestRedirect", "urlRewrite", "cors", "externalAuth", "extensionRef"];

    public static void Prune(string kind, JsonArray rules, ProjectionRun run, ResourceKey source)
    {
        foreach (var rule in rules.OfType<JsonObject>())
        {
            Prune(kind, rule, "spec.rules.filters", run, source);
            foreach (var backend in (rule["backendRefs"] as JsonArray ?? []).OfType<JsonObject>())
                Prune(kind, backend, "spec.rules.backendRefs.filters", run, source);
        }
    }

    private static void Prune(string kind, JsonObject owner, string path, ProjectionRun run, ResourceKey source)
    {
        if (owner["filters"] is not JsonArray filters)
            return;
        foreach (var filter in filters.OfType<JsonObject>().ToArray())
        {
            if (Settings.FirstOrDefault(name => filter.ContainsKey(name) && !run.Fields.Has(kind, $"{path}.{name}")) is not { } missing)
                continue;
            filters.Remove(filter);
            run.Fields.Report(kind, $"{path}.{missing}", source);
        }
        if (filters.Count == 0)
            owner.Remove("filters");
    }
}
