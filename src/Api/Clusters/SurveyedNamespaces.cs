using System.Text.Json.Nodes;
using Gatehouse.Api.Resources;
using Gatehouse.Gateway.Resources;
using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Clusters;

/// <summary>Whose a cluster's Namespaces are: the tenants' that ClusterNamespaces say, or that they are made for; others are the tenant of the same name.</summary>
internal sealed class SurveyedNamespaces
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    private readonly Dictionary<string, string> _tenants = new(StringComparer.Ordinal);

    private SurveyedNamespaces()
    {
    }

    /// <summary>Reads them; the context has entered the tenant <c>platform</c>.</summary>
    public static async Task<SurveyedNamespaces> ReadAsync(GatehouseDbContext db, string cluster, ClusterSpec spec, CancellationToken cancellationToken)
    {
        var namespaces = new SurveyedNamespaces();
        if (spec.NamespacePrefix is { Length: > 0 } prefix)
        {
            await foreach (var tenant in db.Tenants.AsNoTracking().Select(static tenant => tenant.Name).AsAsyncEnumerable().WithCancellation(cancellationToken))
                namespaces._tenants[prefix + tenant] = tenant;
        }
        foreach (var row in await ClusterNamespaceQueries.Of(db, cluster).ToListAsync(cancellationToken))
            namespaces._tenants[((ClusterNamespaceSpec)row.ReadSpec()).Namespace] = ClusterNamespaceName.Split(row.Name).Tenant;
        return namespaces;
    }

    /// <summary>Tenant of a Namespace.</summary>
    public string TenantOf(string ns) => _tenants.GetValueOrDefault(ns, ns);

    /// <summary>Puts an object into its tenant, and what it refers to into theirs; returns the Namespace that it came from.</summary>
    public string? Place(JsonObject manifest)
    {
        if (manifest["metadata"] is not JsonObject metadata || TextOf(metadata["namespace"]) is not { } ns)
            return null;
        metadata["namespace"] = TenantOf(ns);

        // Only Gateway API's own kinds name Namespaces; elsewhere a field of this name may be anything.
        if (TextOf(manifest["apiVersion"])?.StartsWith(ResourceKind.GatewayApiGroup + "/", StringComparison.Ordinal) == true && manifest["spec"] is { } spec)
            Translate(spec);
        return ns;
    }

    private void Translate(JsonNode node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items.OfType<JsonNode>())
                Translate(item);
            return;
        }
        if (node is not JsonObject fields)
            return;
        foreach (var (name, value) in fields.ToList())
        {
            if (name == "matchLabels" && value is JsonObject labels)
                TranslateText(labels, NameLabel);
            else if (name == "namespace")
                TranslateText(fields, name);
            else if (name == "values" && TextOf(fields["key"]) == NameLabel && value is JsonArray values)
                fields[name] = new JsonArray([.. values.Select(one => TextOf(one) is { } ns ? JsonValue.Create(TenantOf(ns)) : one?.DeepClone())]);
            else if (value is not null)
                Translate(value);
        }
    }

    private void TranslateText(JsonObject fields, string name)
    {
        if (TextOf(fields[name]) is { } ns)
            fields[name] = TenantOf(ns);
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
