using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.Manifests;

/// <summary>An object to write as a manifest.</summary>
/// <param name="Key">Identity.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Annotations">Annotations.</param>
/// <param name="CreatedAt">Creation time.</param>
/// <param name="Spec">Typed spec.</param>
public sealed record ExportedObject(
    ResourceKey Key, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, DateTimeOffset CreatedAt, object Spec);

/// <summary>Writes stored objects as the manifests that an import reads: upstream's kinds as upstream's, ours as <c>gatehouse.dev/v1</c>.</summary>
public static class ManifestWriter
{
    private const string Version = "v1";

    /// <summary>The manifests of an object: a Service has one for each EndpointSlice besides its own.</summary>
    public static IEnumerable<JsonObject> Write(ExportedObject exported)
    {
        ArgumentNullException.ThrowIfNull(exported);
        return exported.Spec switch
        {
            ServiceSpec service => ServiceManifests(exported, service),
            ConfigMapSpec map => [With(Head(exported), ("data", Node(map.Data)))],
            _ => [With(Head(exported), ("spec", Node(exported.Spec)))],
        };
    }

    /// <summary>The Namespace of a tenant.</summary>
    /// <param name="name">Name.</param>
    /// <param name="labels">Labels.</param>
    /// <param name="annotations">Annotations.</param>
    public static JsonObject WriteNamespace(string name, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> annotations) => new()
    {
        ["apiVersion"] = Version,
        ["kind"] = Manifest.NamespaceKind,
        ["metadata"] = Metadata(name, null, labels, annotations, null),
    };

    private static JsonObject Head(ExportedObject exported) => new()
    {
        ["apiVersion"] = ApiVersionOf(exported),
        ["kind"] = exported.Key.Kind,
        ["metadata"] = Metadata(
            exported.Key.Name, exported.Key.Kind == ResourceKind.GatewayClass ? null : exported.Key.Tenant, exported.Labels, exported.Annotations, exported.CreatedAt),
    };

    private static string ApiVersionOf(ExportedObject exported)
    {
        // Upstream's class has no fields for where its Gateways run.
        var group = exported.Spec is GatewayClassSpec { Target: not null } or GatewayClassSpec { TenantGateways: not null }
            ? ResourceKind.GatehouseGroup
            : ResourceKind.GroupOf(exported.Key.Kind);
        return group.Length == 0 ? Version : $"{group}/{Version}";
    }

    private static IEnumerable<JsonObject> ServiceManifests(ExportedObject exported, ServiceSpec service)
    {
        var spec = new JsonObject();
        if (service.Type is not null)
            spec["type"] = service.Type;
        if (service.ExternalName is not null)
            spec["externalName"] = service.ExternalName;
        spec["ports"] = Node(service.Ports);
        yield return With(Head(exported), ("spec", spec));
        foreach (var slice in service.EndpointSlices)
        {
            yield return new JsonObject
            {
                ["apiVersion"] = $"{ServiceMapping.SliceGroup}/{Version}",
                ["kind"] = ServiceMapping.SliceKind,
                ["metadata"] = Metadata(
                    slice.Name, exported.Key.Tenant, new Dictionary<string, string> { [ServiceMapping.ServiceLabel] = exported.Key.Name }, new Dictionary<string, string>(), null),
                ["addressType"] = slice.AddressType,
                ["ports"] = Node(slice.Ports),
                ["endpoints"] = new JsonArray([.. slice.Endpoints.Select(Endpoint)]),
            };
        }
    }

    private static JsonNode Endpoint(SliceEndpoint endpoint)
    {
        var node = new JsonObject { ["addresses"] = Node(endpoint.Addresses) };
        if (endpoint.Ready is { } ready)
            node["conditions"] = new JsonObject { ["ready"] = ready };
        return node;
    }

    private static JsonObject Metadata(
        string name, string? tenant, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> annotations, DateTimeOffset? createdAt)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (tenant is not null)
            metadata["namespace"] = tenant;
        if (labels.Count > 0)
            metadata["labels"] = Map(labels);
        if (annotations.Count > 0)
            metadata["annotations"] = Map(annotations);
        if (createdAt is { } time)
            metadata["creationTimestamp"] = time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        return metadata;
    }

    private static JsonObject Map(IReadOnlyDictionary<string, string> map)
    {
        var node = new JsonObject();
        foreach (var (key, value) in map.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            node[key] = value;
        return node;
    }

    private static JsonNode Node(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), SpecJson.Options)!;

    private static JsonObject With(JsonObject manifest, (string Name, JsonNode Value) field)
    {
        manifest[field.Name] = field.Value;
        return manifest;
    }
}
