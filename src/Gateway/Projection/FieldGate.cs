using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection;

/// <summary>Takes out what the cluster's CRDs do not have, and tells the source: an API server would refuse or silently drop it.</summary>
internal sealed class FieldGate(ProjectionRun run)
{
    /// <summary>What only the experimental channel has, where the CRDs' own schemas are not known.</summary>
    private static readonly FrozenSet<string> ExperimentalFields = FrozenSet.Create(
        "HTTPRoute spec.rules.retry", "HTTPRoute spec.rules.sessionPersistence", "HTTPRoute spec.rules.filters.externalAuth",
        "HTTPRoute spec.rules.backendRefs.filters.externalAuth", "GRPCRoute spec.rules.sessionPersistence");

    /// <summary>Fields without which an object would let through what it is meant to refuse.</summary>
    private static readonly string[] Guards = ["externalAuth", "tls", "validation", "clientCertificateRef", "frontend"];

    /// <summary>Whether the cluster's CRDs have a field.</summary>
    public bool Has(string kind, string path)
    {
        if (run.Input.Capabilities.Fields.TryGetValue(kind, out var fields))
            return fields.Contains(path) || HasOpenParent(fields, path);
        return run.Input.Capabilities.Channel == "experimental" || !ExperimentalFields.Contains($"{kind} {path}");
    }

    /// <summary>Takes out what is not there.</summary>
    public void Prune(string kind, JsonNode content, string path, ResourceKey source)
    {
        if (content is JsonArray items)
        {
            foreach (var item in items)
            {
                if (item is not null)
                    Prune(kind, item, path, source);
            }
            return;
        }
        if (content is not JsonObject fields)
            return;
        foreach (var (name, value) in fields.ToArray())
        {
            var field = $"{path}.{name}";
            if (Has(kind, field))
            {
                if (value is not null)
                    Prune(kind, value, field, source);
                continue;
            }
            fields.Remove(name);
            Report(kind, field, source);
        }
    }

    /// <summary>Tells the source that a field is not there.</summary>
    public void Report(string kind, string field, ResourceKey source)
    {
        var capabilities = run.Input.Capabilities;
        var guards = field.Split('.').Intersect(Guards).Any();
        var consequence = guards ? "so the object is not projected: without it, it would let through what it must refuse" : "so it is left out there";
        run.Report(source, guards ? ProblemSeverity.Refused : ProblemSeverity.Approximate, ProjectionReasons.FieldNotServed,
            $"Cluster `{run.Cluster.Name}` has Gateway API {capabilities.BundleVersion} of the {capabilities.Channel} channel, whose {kind} has no {field}, {consequence}: remove it, or ask the cluster's administrator for CRDs that have it.");
    }

    private static bool HasOpenParent(IReadOnlySet<string> fields, string path)
    {
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (fields.Contains(path[..dot] + CustomResourceFields.Open))
                return true;
        }
        return false;
    }
}
