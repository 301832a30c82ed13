using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>What all routes say of their parents (https://gateway-api.sigs.k8s.io/reference/spec/#commonroutespec).</summary>
internal static class ParentRefs
{
    private const string Field = "parentRefs";
    private static readonly TextChoice DefaultGateways = new("All", "None");

    public static IReadOnlyList<ParentReference>? Read(ObjectReader route)
    {
        var parents = route.List(Field, Count.AtMost(32), ReadOne);
        for (var i = 1; i < parents?.Count; i++)
            RequireDistinct(route, parents, i);
        return parents;
    }

    public static string? ReadUseDefaultGateways(ObjectReader route) => route.Text("useDefaultGateways", DefaultGateways);

    private static ParentReference ReadOne(ObjectReader parent) => new()
    {
        Group = parent.Text("group", Formats.Group),
        Kind = parent.Text("kind", Formats.Kind),
        Namespace = parent.Text("namespace", Formats.Namespace),
        Name = parent.RequiredText("name", Formats.ObjectName),
        SectionName = parent.Text("sectionName", Formats.SectionName),
        Port = parent.Integer("port", References.MinPort, References.MaxPort),
    };

    /// <summary>
    /// "sectionName or port must be specified / unique when parentRefs includes 2 or more references to the same parent": all of
    /// them set the same of the two fields, and no two set the same values.
    /// </summary>
    private static void RequireDistinct(ObjectReader route, IReadOnlyList<ParentReference> parents, int index)
    {
        var parent = parents[index];
        for (var i = 0; i < index && parent.Name.Length > 0; i++)
        {
            var other = parents[i];
            if (!SameParent(parent, other))
                continue;
            if (parent.SectionName is null != other.SectionName is null || parent.Port is null != other.Port is null)
                route.Report(ErrorCodes.Conflict, $"References the parent of /{Field}/{i}: both must set sectionName, or port, or both.", Field, index);
            else if (parent.SectionName == other.SectionName && parent.Port == other.Port)
                route.Report(ErrorCodes.Duplicate, $"Is the same as /{Field}/{i}: remove it, or give it another sectionName or port.", Field, index);
            else
                continue;
            return;
        }
    }

    private static bool SameParent(ParentReference left, ParentReference right) =>
        left.Name == right.Name
        && left.Namespace == right.Namespace
        && (left.Group ?? ResourceKind.GatewayApiGroup) == (right.Group ?? ResourceKind.GatewayApiGroup)
        && (left.Kind ?? ResourceKind.Gateway) == (right.Kind ?? ResourceKind.Gateway);
}
