namespace Gatehouse.Dns.Caa;

/// <summary>Why an authority may not issue, or that it may.</summary>
public enum CaaReason
{
    /// <summary>It may: no record says otherwise, or one names it.</summary>
    Allowed,

    /// <summary>The records name others, or nobody.</summary>
    OtherAuthorities,

    /// <summary>The records name it, but for other methods or accounts (RFC 8657).</summary>
    OtherParameters,

    /// <summary>A record that nobody may overlook has a tag that is not known here.</summary>
    UnknownCritical,

    /// <summary>The records could not be read; an authority must then refuse.</summary>
    Unreadable,
}

/// <summary>Whether an authority may issue.</summary>
/// <param name="Reason">Why, or why not.</param>
/// <param name="Domain">The domain whose records decide, or at which reading them failed; null: there are none up to the root.</param>
/// <param name="Records">What it says.</param>
/// <param name="Failure">The answer that could not be used; null: all could.</param>
public sealed record CaaVerdict(CaaReason Reason, string? Domain, IReadOnlyList<CaaData> Records, DnsAnswer? Failure)
{
    /// <summary>Whether it may issue.</summary>
    public bool Allowed => Reason == CaaReason.Allowed;

    /// <summary>Whether records for wildcards (<c>issuewild</c>) decided.</summary>
    public bool ByWildcardRecords { get; init; }
}
