using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Filters of a GRPCRoute's rules and backendRefs (https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutefilter).</summary>
internal static class GrpcFilters
{
    private const string Field = "filters";

    /// <summary>Each type with the field that carries its settings.</summary>
    private static readonly (string Type, string Payload)[] Union =
    [
        ("RequestHeaderModifier", "requestHeaderModifier"),
        ("ResponseHeaderModifier", "responseHeaderModifier"),
        ("RequestMirror", "requestMirror"),
        ("ExtensionRef", "extensionRef"),
    ];

    private static readonly TextChoice Types = new([.. Union.Select(member => member.Type)]);

    public static IReadOnlyList<GrpcRouteFilter>? ReadList(ObjectReader parent)
    {
        var filters = parent.List(Field, Count.AtMost(16), Read);
        // "… filter cannot be repeated".
        parent.RequireUnique(Field, filters, filter => filter.Type is "RequestHeaderModifier" or "ResponseHeaderModifier" ? filter.Type : null,
            "A filter of this type is in the list already: merge the two.");
        return filters;
    }

    private static GrpcRouteFilter Read(ObjectReader reader)
    {
        var filter = new GrpcRouteFilter
        {
            Type = reader.RequiredText("type", Types),
            RequestHeaderModifier = reader.Object("requestHeaderModifier", HttpFilterPayloads.Headers),
            ResponseHeaderModifier = reader.Object("responseHeaderModifier", HttpFilterPayloads.Headers),
            RequestMirror = reader.Object("requestMirror", HttpFilterPayloads.Mirror),
            ExtensionRef = reader.Object("extensionRef", References.Local),
        };
        // "filter.X must be nil if the filter.type is not X", "filter.X must be specified for X filter.type".
        foreach (var (type, payload) in Types.Contains(filter.Type) ? Union : [])
            reader.RequirePayload("type", filter.Type, type, payload);
        return filter;
    }
}
