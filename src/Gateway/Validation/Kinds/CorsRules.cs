using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>CORS (https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter).</summary>
internal static class CorsRules
{
    private const string Wildcard = "*";
    private static readonly Count AtMost64 = Count.AtMost(64);
    private static readonly TextChoice Methods = new("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", Wildcard);

    public static HttpCorsFilter Read(ObjectReader reader) => new()
    {
        AllowOrigins = ReadWildcardList(reader, "allowOrigins", AtMost64, Formats.CorsOrigin),
        AllowCredentials = reader.Flag("allowCredentials"),
        AllowMethods = ReadWildcardList(reader, "allowMethods", Count.AtMost(9), Methods),
        AllowHeaders = ReadWildcardList(reader, "allowHeaders", AtMost64, Formats.HeaderName),
        ExposeHeaders = reader.TextSet("exposeHeaders", AtMost64, Formats.HeaderName),
        MaxAge = reader.Integer("maxAge", 1, int.MaxValue),
    };

    /// <summary>"… cannot contain '*' alongside other …".</summary>
    private static IReadOnlyList<string>? ReadWildcardList(ObjectReader reader, string name, Count count, TextRule rule)
    {
        var list = reader.TextSet(name, count, rule);
        if (list?.Count > 1 && list.Contains(Wildcard))
            reader.Report(ErrorCodes.Conflict, "'*' stands for everything: remove it, or remove all other items.", name);
        return list;
    }
}
