using System.Text.Json;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Manifests;

/// <summary>
/// A Kubernetes object as somebody wrote it, its metadata read (https://kubernetes.io/docs/reference/using-api/api-concepts/). Not a record:
/// what prints itself would print Secrets.
/// </summary>
public sealed class Manifest
{
    /// <summary>API group; empty is core.</summary>
    public string Group { get; init; } = "";

    /// <summary>API version without the group.</summary>
    public string Version { get; init; } = "";

    /// <summary>Kind as written.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Namespace; null: none is written.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations, without those that kubectl keeps for itself.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>metadata.creationTimestamp.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The whole object.</summary>
    public required JsonElement Root { get; init; }

    /// <summary>Line that the object begins at, from 1; 0: unknown.</summary>
    public int Line { get; init; }

    /// <summary>What keeps the object from being used at all.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What was left out of the metadata.</summary>
    public IReadOnlyList<string> Omissions { get; init; } = [];

    /// <summary>Group and version as they are written.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>A Namespace, which is a tenant.</summary>
    public bool IsNamespace => Group.Length == 0 && Kind == NamespaceKind;

    /// <summary>An IngressClass, which names the controller of Ingresses.</summary>
    public bool IsIngressClass => Group == IngressGroup && Kind == "IngressClass";

    /// <summary>Whether the object lies in no namespace.</summary>
    public bool IsClusterScoped => IsNamespace || IsIngressClass || (Kind == ResourceKind.GatewayClass && Group is ResourceKind.GatewayApiGroup or ResourceKind.GatehouseGroup);

    /// <summary>Group of Ingress and IngressClass.</summary>
    public const string IngressGroup = "networking.k8s.io";

    /// <summary>Kind of a namespace.</summary>
    public const string NamespaceKind = "Namespace";

    /// <summary>A field of the object itself; undefined if there is none.</summary>
    internal JsonElement Field(string name) =>
        Root.ValueKind == JsonValueKind.Object && Root.TryGetProperty(name, out var value) ? value : default;
}
