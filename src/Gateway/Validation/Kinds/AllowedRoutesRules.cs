using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Who may attach to listeners and Gateways (https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes, #allowedlisteners).</summary>
internal static class AllowedRoutesRules
{
    private static readonly TextChoice RoutesFrom = new("All", "Selector", "Same");
    private static readonly TextChoice ListenersFrom = new("All", "Selector", "Same", "None");

    public static AllowedRoutes Read(ObjectReader reader) => new()
    {
        Namespaces = reader.Object("namespaces", namespaces => ReadNamespaces(namespaces, RoutesFrom)),
        Kinds = reader.List("kinds", Count.AtMost(8), ReadKind),
    };

    public static AllowedListeners ReadListeners(ObjectReader reader) => new()
    {
        Namespaces = reader.Object("namespaces", namespaces => ReadNamespaces(namespaces, ListenersFrom)),
    };

    private static RouteGroupKind ReadKind(ObjectReader kind) => new()
    {
        Group = kind.Text("group", Formats.Group),
        Kind = kind.RequiredText("kind", Formats.Kind),
    };

    private static RouteNamespaces ReadNamespaces(ObjectReader namespaces, TextChoice from) => new()
    {
        From = namespaces.Text("from", from),
        Selector = namespaces.Object("selector", ReadSelector),
    };

    /// <summary>Upstream's schema takes any text as key, operator and value; a selector that makes no sense selects nothing and is reported as a condition.</summary>
    private static LabelSelector ReadSelector(ObjectReader selector) => new()
    {
        MatchLabels = selector.TextMap("matchLabels", Count.Any, TextFormat.Any, TextFormat.Any),
        MatchExpressions = selector.List("matchExpressions", Count.Any, expression => new LabelSelectorRequirement
        {
            Key = expression.RequiredText("key", TextFormat.Any),
            Operator = expression.RequiredText("operator", TextFormat.Any),
            Values = expression.Texts("values", Count.Any, TextFormat.Any),
        }),
    };
}
