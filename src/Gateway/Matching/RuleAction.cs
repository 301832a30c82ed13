using System.Text.Json.Serialization;

namespace Gatehouse.Gateway.Matching;

/// <summary>A compiled filter. A data plane that does not know an action fails the rule closed with 500.</summary>
[JsonConverter(typeof(RuleActionConverter))]
public abstract record RuleAction
{
    /// <summary>Wire name of the action.</summary>
    [JsonIgnore]
    public abstract string Type { get; }
}

/// <summary>Changes request headers.</summary>
/// <param name="Changes">What changes.</param>
public sealed record RequestHeadersAction(HeaderChanges Changes) : RuleAction
{
    /// <summary>Wire name.</summary>
    public const string TypeName = "requestHeaders";

    /// <inheritdoc />
    public override string Type => TypeName;
}

/// <summary>Changes response headers.</summary>
/// <param name="Changes">What changes.</param>
public sealed record ResponseHeadersAction(HeaderChanges Changes) : RuleAction
{
    /// <summary>Wire name.</summary>
    public const string TypeName = "responseHeaders";

    /// <inheritdoc />
    public override string Type => TypeName;
}

/// <summary>Header changes, applied in the order set, add, remove; names are as written.</summary>
/// <param name="Set">Overwrite.</param>
/// <param name="Add">Append.</param>
/// <param name="Remove">Remove.</param>
public sealed record HeaderChanges(IReadOnlyList<HeaderValue> Set, IReadOnlyList<HeaderValue> Add, IReadOnlyList<string> Remove);

/// <summary>A header with its value.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
public sealed record HeaderValue(string Name, string Value);

/// <summary>Answers with a redirect; absent parts stay as the request had them. No port is printed that is the scheme's own.</summary>
public sealed record RedirectAction : RuleAction
{
    /// <summary>Wire name.</summary>
    public const string TypeName = "redirect";

    /// <inheritdoc />
    [JsonIgnore]
    public override string Type => TypeName;

    /// <summary>http or https.</summary>
    public string? Scheme { get; init; }

    /// <summary>Host name.</summary>
    public string? Hostname { get; init; }

    /// <summary>Port. Null: that of the scheme if a scheme is given, else the listener's.</summary>
    public int? Port { get; init; }

    /// <summary>301, 302, 303, 307 or 308.</summary>
    public required int StatusCode { get; init; }

    /// <summary>Path change.</summary>
    public PathChange? Path { get; init; }
}

/// <summary>Changes Host or path on the way to the backend.</summary>
public sealed record UrlRewriteAction : RuleAction
{
    /// <summary>Wire name.</summary>
    public const string TypeName = "urlRewrite";

    /// <inheritdoc />
    [JsonIgnore]
    public override string Type => TypeName;

    /// <summary>Host to send.</summary>
    public string? Hostname { get; init; }

    /// <summary>Path change.</summary>
    public PathChange? Path { get; init; }
}

/// <summary>A path change.</summary>
/// <param name="Full">The new path; null if a prefix is replaced.</param>
/// <param name="Prefix">Matched prefix that goes; null if the full path is replaced.</param>
/// <param name="Replacement">What takes the prefix's place.</param>
public sealed record PathChange(string? Full, string? Prefix = null, string? Replacement = null);

/// <summary>Sends a copy of the request to one endpoint of another backend and ignores the answer (https://gateway-api.sigs.k8s.io/reference/spec/#httprequestmirrorfilter).</summary>
/// <param name="Backend"><see cref="BackendEntry.Key"/>.</param>
/// <param name="Numerator">Of <paramref name="Denominator"/> requests so many are copied.</param>
/// <param name="Denominator">≥ 1.</param>
public sealed record MirrorAction(string Backend, int Numerator, int Denominator) : RuleAction
{
    /// <summary>Wire name.</summary>
    public const string TypeName = "mirror";

    /// <inheritdoc />
    public override string Type => TypeName;
}

/// <summary>Cross-origin rules (https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter). The gateway answers preflights itself.</summary>
public sealed record CorsAction : RuleAction
{
    /// <summary>Wire name.</summary>
    public const string TypeName = "cors";

    /// <inheritdoc />
    [JsonIgnore]
    public override string Type => TypeName;

    /// <summary>Origins: <c>*</c>, exact, or with <c>*</c> as host or as the host's first label.</summary>
    public IReadOnlyList<string> AllowOrigins { get; init; } = [];

    /// <summary>Whether credentials are allowed; then <c>*</c> is never sent.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary>Methods, or <c>*</c> alone.</summary>
    public IReadOnlyList<string> AllowMethods { get; init; } = [];

    /// <summary>Header names, or <c>*</c> alone.</summary>
    public IReadOnlyList<string> AllowHeaders { get; init; } = [];

    /// <summary>Header names that scripts may read.</summary>
    public IReadOnlyList<string> ExposeHeaders { get; init; } = [];

    /// <summary>Seconds that a preflight's answer may be kept.</summary>
    public required int MaxAge { get; init; }
}

/// <summary>
/// Asks an authorization service before the request goes on; whatever is not a clear yes refuses it
/// (https://gateway-api.sigs.k8s.io/reference/spec/#httpexternalauthfilter).
/// </summary>
public sealed record ExternalAuthAction : RuleAction
{
    /// <summary>Wire name.</summary>
    public const string TypeName = "externalAuth";

    /// <inheritdoc />
    [JsonIgnore]
    public override string Type => TypeName;

    /// <summary>Whether the service speaks Envoy's ext_authz over gRPC; otherwise HTTP, where only 200 allows.</summary>
    public bool Grpc { get; init; }

    /// <summary><see cref="BackendEntry.Key"/>; null: the reference is invalid and every request is refused.</summary>
    public string? Backend { get; init; }

    /// <summary>Put before the path of the request (HTTP only).</summary>
    public string? PathPrefix { get; init; }

    /// <summary>Request headers that the service gets besides those that it always gets, lower case; null: upstream's default for the protocol.</summary>
    public IReadOnlyList<string>? AllowedHeaders { get; init; }

    /// <summary>Headers of a yes that go on to the backend, lower case (HTTP only); null: all.</summary>
    public IReadOnlyList<string>? AllowedResponseHeaders { get; init; }

    /// <summary>Bytes of the body that the service gets; 0: none.</summary>
    public long MaxBodyBytes { get; init; }
}

/// <summary>An action that this version does not know: the rule answers 500.</summary>
/// <param name="UnknownType">Wire name.</param>
public sealed record UnknownAction(string UnknownType) : RuleAction
{
    /// <inheritdoc />
    public override string Type => UnknownType;
}
