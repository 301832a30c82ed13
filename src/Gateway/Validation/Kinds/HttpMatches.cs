using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Matches of an HTTPRoute (https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch). Regular expressions are judged by the compiler: decision record 0002.</summary>
internal static class HttpMatches
{
    private static readonly TextChoice ValueMatchTypes = new(PathRules.Exact, PathRules.RegularExpression);
    private static readonly TextChoice Methods = new("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    private static readonly TextFormat QueryValue = new(1, 1024);

    public static HttpRouteMatch Read(ObjectReader reader)
    {
        var match = new HttpRouteMatch
        {
            Path = reader.Object("path", PathRules.ReadMatch),
            Headers = reader.List("headers", Count.AtMost(16), ReadHeader),
            QueryParams = reader.List("queryParams", Count.AtMost(16), ReadQueryParam),
            Method = reader.Text("method", Methods),
        };
        // Both lists are maps by name: exactly equal names are refused, names that differ in case alone are not.
        reader.RequireUnique("headers", match.Headers, header => NameKey.Of(header.Name), "This header is matched already: one entry for each name.");
        reader.RequireUnique("queryParams", match.QueryParams, query => NameKey.Of(query.Name), "This query parameter is matched already: one entry for each name.");
        return match;
    }

    private static HttpHeaderMatch ReadHeader(ObjectReader header) => new()
    {
        Type = header.Text("type", ValueMatchTypes),
        Name = header.RequiredText("name", Formats.HeaderName),
        Value = header.RequiredText("value", Formats.HeaderValue),
    };

    private static HttpQueryParamMatch ReadQueryParam(ObjectReader query) => new()
    {
        Type = query.Text("type", ValueMatchTypes),
        Name = query.RequiredText("name", Formats.HeaderName),
        Value = query.RequiredText("value", QueryValue),
    };
}
