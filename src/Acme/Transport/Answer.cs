namespace Gatehouse.Acme.Transport;

/// <summary>An authority's answer, whole.</summary>
/// <param name="Url">What was asked.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">Its body, bounded.</param>
internal sealed record Answer(Uri Url, int Status, byte[] Body)
{
    /// <summary>Where the thing is that was made or found.</summary>
    public string? Location { get; init; }

    /// <summary>When to ask again; bounded.</summary>
    public DateTimeOffset? RetryAfter { get; init; }

    /// <summary>A nonce for the next request.</summary>
    public string? Nonce { get; init; }

    /// <summary>Other chains of a certificate (RFC 8555 section 7.4.2), as they are written.</summary>
    public IReadOnlyList<string> Alternates { get; init; } = [];

    public bool IsSuccess => Status is >= 200 and < 300;
}
