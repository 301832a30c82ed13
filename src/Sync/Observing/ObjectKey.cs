using System.Text.Json.Nodes;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Kubernetes;

namespace Gatehouse.Sync.Observing;

/// <summary>Identity of an object in a cluster, in whatever version it is read.</summary>
/// <param name="Group">API group; empty: core.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Namespace">Namespace; null: a kind of the whole cluster.</param>
/// <param name="Name">Name.</param>
internal readonly record struct ObjectKey(string Group, string Kind, string? Namespace, string Name) : IComparable<ObjectKey>
{
    public bool IsNamespace => Group.Length == 0 && Kind == "Namespace";

    public static ObjectKey Of(ProjectedId id) => new(GroupOf(id.ApiVersion), id.Kind, id.Namespace, id.Name);

    public static ObjectKey Of(ApiKind kind, JsonObject json) => new(
        kind.Group,
        kind.Kind,
        kind.IsNamespaced ? json["metadata"]?["namespace"]?.GetValue<string>() : null,
        json["metadata"]?["name"]?.GetValue<string>() ?? "");

    public static ObjectKey OfNamespace(string name) => new("", "Namespace", null, name);

    public static string GroupOf(string apiVersion) => apiVersion.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? apiVersion[..slash] : "";

    public int CompareTo(ObjectKey other)
    {
        var order = string.CompareOrdinal(Namespace, other.Namespace);
        if (order == 0)
            order = string.CompareOrdinal(Kind, other.Kind);
        if (order == 0)
            order = string.CompareOrdinal(Name, other.Name);
        return order != 0 ? order : string.CompareOrdinal(Group, other.Group);
    }

    public override string ToString() => Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
