using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Settings of header modifiers, mirrors, redirects and rewrites.</summary>
internal static class HttpFilterPayloads
{
    private const string Repeated = "This header is in the list already: one entry for each name.";
    private static readonly Count AtMost16 = Count.AtMost(16);
    private static readonly TextChoice Schemes = new("http", "https");
    private static readonly int[] StatusCodes = [301, 302, 303, 307, 308];

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httpheaderfilter</summary>
    public static HttpHeaderFilter Headers(ObjectReader reader)
    {
        var headers = new HttpHeaderFilter
        {
            Set = reader.List("set", AtMost16, Header),
            Add = reader.List("add", AtMost16, Header),
            Remove = reader.TextSet("remove", AtMost16, TextFormat.Any),
        };
        reader.RequireUnique("set", headers.Set, header => NameKey.Of(header.Name), Repeated);
        reader.RequireUnique("add", headers.Add, header => NameKey.Of(header.Name), Repeated);
        return headers;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httprequestmirrorfilter</summary>
    public static HttpRequestMirrorFilter Mirror(ObjectReader reader)
    {
        var mirror = new HttpRequestMirrorFilter
        {
            BackendRef = reader.RequiredObject("backendRef", References.Backend),
            Percent = reader.Integer("percent", 0, 100),
            Fraction = reader.Object("fraction", ReadFraction),
        };
        // "Only one of percent or fraction may be specified in HTTPRequestMirrorFilter".
        if (reader.IsSet("percent") && reader.IsSet("fraction"))
            reader.Report(ErrorCodes.Conflict, "'percent' and 'fraction' exclude each other: remove one.", "fraction");
        return mirror;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter</summary>
    public static HttpRequestRedirectFilter Redirect(ObjectReader reader)
    {
        var redirect = new HttpRequestRedirectFilter
        {
            Scheme = reader.Text("scheme", Schemes),
            Hostname = reader.Text("hostname", Formats.PreciseHostname),
            Path = reader.Object("path", PathRules.ReadModifier),
            Port = reader.Integer("port", References.MinPort, References.MaxPort),
            StatusCode = reader.Integer("statusCode", int.MinValue, int.MaxValue),
        };
        if (redirect.StatusCode is { } status && !StatusCodes.Contains(status))
            reader.Report(ErrorCodes.UnsupportedValue, $"{status} must be one of {string.Join(", ", StatusCodes)}.", "statusCode");
        return redirect;
    }

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#httpurlrewritefilter</summary>
    public static HttpUrlRewriteFilter Rewrite(ObjectReader reader) => new()
    {
        Hostname = reader.Text("hostname", Formats.PreciseHostname),
        Path = reader.Object("path", PathRules.ReadModifier),
    };

    private static HttpHeader Header(ObjectReader reader) => new(
        reader.RequiredText("name", Formats.HeaderName),
        reader.RequiredText("value", Formats.HeaderValue));

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#fraction</summary>
    private static Fraction ReadFraction(ObjectReader reader)
    {
        const int DefaultDenominator = 100;
        var fraction = new Fraction
        {
            Numerator = reader.RequiredInteger("numerator", 0, int.MaxValue),
            Denominator = reader.Integer("denominator", 1, int.MaxValue),
        };
        // "numerator must be less than or equal to denominator".
        var denominatorIsKnown = fraction.Denominator is not null || !reader.IsSet("denominator");
        if (denominatorIsKnown && fraction.Numerator > (fraction.Denominator ?? DefaultDenominator))
            reader.Report(ErrorCodes.OutOfRange, $"Must not be above the denominator, {fraction.Denominator ?? DefaultDenominator}.", "numerator");
        return fraction;
    }
}
