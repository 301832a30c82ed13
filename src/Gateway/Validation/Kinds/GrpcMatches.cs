using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Matches of a GRPCRoute (https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutematch).</summary>
internal static class GrpcMatches
{
    private const int MaxLength = 1024;

    /// <summary>Upstream's expression ignores case by Unicode's simple folding, which adds the long s and the Kelvin sign.</summary>
    private const string Letter = @"A-Za-z_\u017f\u212a";

    private static readonly TextChoice Types = new(PathRules.Exact, PathRules.RegularExpression);
    private static readonly TextFormat Expression = new(0, MaxLength);
    private static readonly TextFormat HeaderValue = new(1, 4096);

    private static readonly TextFormat Service = new(0, MaxLength, $@"\A\.?[{Letter}][{Letter}0-9]*(\.[{Letter}][{Letter}0-9]*)*\z",
        "the full name of a service, such as 'shop.v1.Orders'");

    private static readonly TextFormat Method = new(0, MaxLength, @"\A[A-Za-z_][A-Za-z_0-9]*\z",
        "the name of a method: letters, digits and '_', not beginning with a digit");

    public static GrpcRouteMatch Read(ObjectReader reader)
    {
        var match = new GrpcRouteMatch
        {
            Method = reader.Object("method", ReadMethod),
            Headers = reader.List("headers", Count.AtMost(16), ReadHeader),
        };
        // The list is a map by name: exactly equal names are refused, names that differ in case alone are not.
        reader.RequireUnique("headers", match.Headers, header => NameKey.Of(header.Name), "This header is matched already: one entry for each name.");
        return match;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#grpcmethodmatch; regular expressions are judged by the compiler: decision record 0002.</summary>
    private static GrpcMethodMatch ReadMethod(ObjectReader reader)
    {
        var type = reader.Text("type", Types);
        // "… must only contain valid characters" speaks of exact names alone; a type that was refused is neither.
        var exact = !reader.IsSet("type") || type == PathRules.Exact;
        var method = new GrpcMethodMatch
        {
            Type = type,
            Service = reader.Text("service", exact ? Service : Expression),
            Method = reader.Text("method", exact ? Method : Expression),
        };
        // "One or both of 'service' or 'method' must be specified".
        if (!reader.IsSet("service") && !reader.IsSet("method"))
            reader.Report(ErrorCodes.Required, "Write 'service', 'method' or both; leave the whole match of the method out to match every method.");
        return method;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#grpcheadermatch: unlike an HTTPRoute's, its value may have any characters.</summary>
    private static HttpHeaderMatch ReadHeader(ObjectReader header) => new()
    {
        Type = header.Text("type", Types),
        Name = header.RequiredText("name", Formats.HeaderName),
        Value = header.RequiredText("value", HeaderValue),
    };
}
