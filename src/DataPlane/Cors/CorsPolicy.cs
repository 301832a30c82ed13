using Gatehouse.Gateway.Matching;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.DataPlane.Cors;

/// <summary>
/// Cross-origin rules, made ready to run (https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter). The origin that is allowed is
/// always the one that asked, never <c>*</c>: so answers with and without credentials differ in nothing but the credentials.
/// </summary>
internal sealed class CorsPolicy
{
    private const string Any = "*";

    private readonly CorsOrigin[] _origins;
    private readonly bool _anyOrigin;
    private readonly bool _credentials;
    private readonly string? _methods;
    private readonly string? _headers;
    private readonly string? _exposed;
    private readonly string _maxAge;

    /// <exception cref="MatchTableException">An origin is malformed.</exception>
    public CorsPolicy(CorsAction action)
    {
        _anyOrigin = action.AllowOrigins.Contains(Any);
        _origins = [.. action.AllowOrigins.Where(origin => origin != Any).Select(origin => new CorsOrigin(origin))];
        _credentials = action.AllowCredentials;
        _methods = Joined(action.AllowMethods);
        _headers = Joined(action.AllowHeaders);
        _exposed = Joined(action.ExposeHeaders);
        _maxAge = action.MaxAge.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a request asks for permission and wants nothing else (https://fetch.spec.whatwg.org/#cors-preflight-request).</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && !StringValues.IsNullOrEmpty(request.Headers.Origin) && !StringValues.IsNullOrEmpty(request.Headers.AccessControlRequestMethod);

    /// <summary>Whether requests of an origin are allowed.</summary>
    public bool Allows(StringValues origin)
    {
        if (origin.Count != 1 || origin[0] is not { } asked || asked.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return false;
        if (_anyOrigin)
            return true;
        foreach (var allowed in _origins)
        {
            if (allowed.Fits(asked))
                return true;
        }
        return false;
    }

    /// <summary>Answers a preflight of an origin that is allowed.</summary>
    public void AnswerPreflight(HttpContext context)
    {
        var (request, response) = (context.Request.Headers, context.Response.Headers);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentLength = 0;
        Apply(request, response);
        if ((_methods == Any ? Echoed(request.AccessControlRequestMethod) : _methods) is { } methods)
            response.AccessControlAllowMethods = methods;
        if ((_headers == Any ? Echoed(request.AccessControlRequestHeaders) : _headers) is { } headers)
            response.AccessControlAllowHeaders = headers;
        response.AccessControlMaxAge = _maxAge;
        response.Vary = StringValues.Concat(response.Vary, "Access-Control-Request-Method, Access-Control-Request-Headers");
    }

    /// <summary>
    /// Writes what an answer says to the origin that asked; what a backend said itself is replaced, as it cannot allow what the rule does not.
    /// </summary>
    public void Apply(IHeaderDictionary request, IHeaderDictionary response)
    {
        VaryByOrigin(response);
        if (request.Origin.Count == 0)
            return;
        response.Remove("Access-Control-Allow-Origin");
        response.Remove("Access-Control-Allow-Credentials");
        response.Remove("Access-Control-Allow-Methods");
        response.Remove("Access-Control-Allow-Headers");
        response.Remove("Access-Control-Expose-Headers");
        response.Remove("Access-Control-Max-Age");
        if (!Allows(request.Origin))
            return;
        response.AccessControlAllowOrigin = request.Origin;
        if (_credentials)
            response.AccessControlAllowCredentials = "true";
        // With credentials * would be taken for the name of a header.
        if (_exposed is not null && !(_exposed == Any && _credentials))
            response.AccessControlExposeHeaders = _exposed;
    }

    private static void VaryByOrigin(IHeaderDictionary response)
    {
        foreach (var line in response.Vary)
        {
            if (line is not null && line.Split(',', StringSplitOptions.TrimEntries).Any(name => name == Any || name.Equals("Origin", StringComparison.OrdinalIgnoreCase)))
                return;
        }
        response.Vary = StringValues.Concat(response.Vary, "Origin");
    }

    // Header values that clients send are Latin-1; nothing but what names a method or header goes back.
    private static string? Echoed(StringValues asked) =>
        asked.Count > 0 && asked.ToString() is { Length: > 0 } text && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text : null;

    private static string? Joined(IReadOnlyList<string> names) => names.Count == 0 ? null : names.Contains(Any) ? Any : string.Join(", ", names);
}
