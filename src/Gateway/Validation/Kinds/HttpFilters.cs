using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Filters of an HTTPRoute's rules and backendRefs (https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter).</summary>
internal static class HttpFilters
{
    private const string Field = "filters";
    private const string Redirect = "RequestRedirect";
    private const string Rewrite = "URLRewrite";

    /// <summary>Each type with the field that carries its settings, in the order of upstream's Go type.</summary>
    private static readonly (string Type, string Payload)[] Union =
    [
        ("RequestHeaderModifier", "requestHeaderModifier"),
        ("ResponseHeaderModifier", "responseHeaderModifier"),
        ("RequestMirror", "requestMirror"),
        (Redirect, "requestRedirect"),
        (Rewrite, "urlRewrite"),
        ("CORS", "cors"),
        ("ExternalAuth", "externalAuth"),
        ("ExtensionRef", "extensionRef"),
    ];

    private static readonly TextChoice Types = new([.. Union.Select(member => member.Type)]);

    /// <summary>"… filter cannot be repeated".</summary>
    private static readonly string[] Unrepeatable = ["CORS", "RequestHeaderModifier", "ResponseHeaderModifier", Redirect, Rewrite];

    public static IReadOnlyList<HttpRouteFilter>? ReadList(ObjectReader parent)
    {
        var filters = parent.List(Field, Count.AtMost(16), Read);
        parent.RequireUnique(Field, filters, filter => Unrepeatable.FirstOrDefault(type => type == filter.Type), "A filter of this type is in the list already: merge the two.");
        RefuseRedirectWithRewrite(parent, filters);
        return filters;
    }

    /// <summary>"May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both".</summary>
    private static void RefuseRedirectWithRewrite(ObjectReader parent, IReadOnlyList<HttpRouteFilter>? filters)
    {
        var types = filters?.Select(filter => filter.Type).ToList() ?? [];
        if (types.Contains(Redirect) && types.Contains(Rewrite))
            parent.Report(ErrorCodes.Conflict, $"{Redirect} and {Rewrite} exclude each other: remove this filter or the other.", Field, Math.Max(types.IndexOf(Redirect), types.IndexOf(Rewrite)));
    }

    private static HttpRouteFilter Read(ObjectReader reader)
    {
        var filter = new HttpRouteFilter
        {
            Type = reader.RequiredText("type", Types),
            RequestHeaderModifier = reader.Object("requestHeaderModifier", HttpFilterPayloads.Headers),
            ResponseHeaderModifier = reader.Object("responseHeaderModifier", HttpFilterPayloads.Headers),
            RequestMirror = reader.Object("requestMirror", HttpFilterPayloads.Mirror),
            RequestRedirect = reader.Object("requestRedirect", HttpFilterPayloads.Redirect),
            UrlRewrite = reader.Object("urlRewrite", HttpFilterPayloads.Rewrite),
            Cors = reader.Object("cors", CorsRules.Read),
            ExternalAuth = reader.Object("externalAuth", ExternalAuthRules.Read),
            ExtensionRef = reader.Object("extensionRef", References.Local),
        };
        // "filter.X must be nil if the filter.type is not X", "filter.X must be specified for X filter.type".
        foreach (var (type, payload) in Types.Contains(filter.Type) ? Union : [])
            reader.RequirePayload("type", filter.Type, type, payload);
        return filter;
    }
}
