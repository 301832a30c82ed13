using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Attach;

/// <summary>
/// Which tenants a <see cref="RouteNamespaces"/> admits (https://gateway-api.sigs.k8s.io/reference/spec/#routenamespaces), with
/// Kubernetes' label selector rules (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors).
/// </summary>
internal static class LabelSelection
{
    /// <summary>Every Kubernetes namespace carries its name as this label, so selectors rely on it.</summary>
    private const string NameLabel = "kubernetes.io/metadata.name";

    /// <summary>Whether the objects of <paramref name="tenant"/> are admitted by an object of <paramref name="owner"/>.</summary>
    public static bool Admits(RouteNamespaces? namespaces, string defaultFrom, string owner, string tenant, Func<string, TenantInfo> tenants) =>
        (namespaces?.From ?? defaultFrom) switch
        {
            "All" => true,
            "Same" => owner == tenant,
            "Selector" => namespaces?.Selector is { } selector && Selects(selector, tenants(tenant)),
            _ => false,
        };

    /// <summary>Whether all requirements hold.</summary>
    public static bool Selects(LabelSelector selector, TenantInfo tenant) =>
        (selector.MatchLabels ?? NoLabels).All(label => ValueOf(tenant, label.Key) == label.Value)
        && (selector.MatchExpressions ?? []).All(requirement => Holds(requirement, ValueOf(tenant, requirement.Key)));

    private static readonly Dictionary<string, string> NoLabels = [];

    private static bool Holds(LabelSelectorRequirement requirement, string? value) => requirement.Operator switch
    {
        "In" => value is not null && (requirement.Values ?? []).Contains(value),
        "NotIn" => value is null || !(requirement.Values ?? []).Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };

    private static string? ValueOf(TenantInfo tenant, string key) =>
        key == NameLabel ? tenant.Name : tenant.Labels.TryGetValue(key, out var value) ? value : null;
}
