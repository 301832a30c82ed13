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

/// <summary>An action that this version does not know: the rule answers 500.</summary>
/// <param name="UnknownType">Wire name.</param>
public sealed record UnknownAction(string UnknownType) : RuleAction
{
    /// <inheritdoc />
    public override string Type => UnknownType;
}
