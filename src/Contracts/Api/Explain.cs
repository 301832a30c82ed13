namespace Gatehouse.Contracts.Api;

/// <summary>A request to explain: which listener, rule, filters and backends it would get.</summary>
public sealed record ExplainQuery
{
    /// <summary>HTTP method; default GET.</summary>
    public string? Method { get; init; }

    /// <summary>Absolute http or https URL; its port is the listener port.</summary>
    public required string Url { get; init; }

    /// <summary>Request headers.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>TLS server name, if it differs from the URL's host.</summary>
    public string? Sni { get; init; }
}
