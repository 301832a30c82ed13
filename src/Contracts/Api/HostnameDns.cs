namespace Gatehouse.Contracts.Api;

/// <summary>What DNS must say for a hostname to be verified and to reach a data plane, and what resolvers see now.</summary>
/// <param name="RecordName">Name of the TXT record that proves the claim; there from the claim's creation on.</param>
/// <param name="RecordValue">Its value; never changes while the claim lives.</param>
public sealed record HostnameDns(string RecordName, string RecordValue)
{
    /// <summary>Records to set: one proof of ownership of several that do, and what brings traffic and certificates.</summary>
    public IReadOnlyList<RequiredRecord> Required { get; init; } = [];

    /// <summary>What each resolver answered at the last check.</summary>
    public IReadOnlyList<ObservedRecord> Observed { get; init; } = [];

    /// <summary>What is wrong, most urgent first; empty: nothing.</summary>
    public IReadOnlyList<HostnameProblem> Problems { get; init; } = [];

    /// <summary>How the claim was proven: <c>Txt</c>, <c>Cname</c>, <c>Domain</c>, <c>Approval</c>, <c>BaseDomain</c>, <c>NotRequired</c>; absent: it was not.</summary>
    public string? Proof { get; init; }

    /// <summary>Whether the name's addresses lead to this gateway, as far as is known.</summary>
    public bool? PointsHere { get; init; }

    /// <summary>The last check.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>The next check.</summary>
    public DateTimeOffset? NextCheckAt { get; init; }

    /// <summary>When a verified name whose proof is gone stops being served; absent: its proof stands.</summary>
    public DateTimeOffset? SuspendedAfter { get; init; }
}

/// <summary>A record to set.</summary>
/// <param name="Purpose"><c>Ownership</c>, <c>Traffic</c> or <c>Certificate</c>.</param>
/// <param name="Type">Record type, for example <c>TXT</c>.</param>
/// <param name="Name">Absolute name without a trailing dot.</param>
/// <param name="Value">Value as it is typed into a DNS provider's form.</param>
/// <param name="State"><c>Found</c>, <c>Missing</c>, <c>Wrong</c>, <c>Partial</c> (some resolvers see it) or <c>Unknown</c>.</param>
public sealed record RequiredRecord(string Purpose, string Type, string Name, string Value, string State)
{
    /// <summary>For people: when this record is the right one of several that do; absent: it is needed.</summary>
    public string? Alternative { get; init; }
}

/// <summary>What a resolver answered.</summary>
/// <param name="Resolver">Its address.</param>
/// <param name="Name">The name that was asked for.</param>
/// <param name="Type">Record type.</param>
/// <param name="Result"><c>Answered</c>, <c>NoData</c>, <c>NameMissing</c>, <c>ServerFailure</c>, <c>Refused</c>, <c>TimedOut</c>, <c>Unreachable</c>, <c>Malformed</c> or <c>ChainTooLong</c>.</param>
/// <param name="Values">Values, each TXT record's strings joined.</param>
public sealed record ObservedRecord(string Resolver, string Name, string Type, string Result, IReadOnlyList<string> Values)
{
    /// <summary>Seconds for which the resolver goes on answering this.</summary>
    public long? TimeToLive { get; init; }

    /// <summary>Names that CNAME records led through, in order; empty: none.</summary>
    public IReadOnlyList<string> Through { get; init; } = [];
}

/// <summary>Something that is wrong with a name, for programs and for people.</summary>
/// <param name="Code">Stable, for example <c>TxtMissing</c>.</param>
/// <param name="WhoMustAct"><c>Tenant</c>, <c>DnsProvider</c>, <c>Platform</c>, <c>CertificateAuthority</c> or <c>Nobody</c> (it passes by itself).</param>
/// <param name="Message">What was seen.</param>
/// <param name="NextStep">What to do.</param>
public sealed record HostnameProblem(string Code, string WhoMustAct, string Message, string NextStep);

/// <summary>How a hostname's managed certificate stands.</summary>
/// <param name="State"><c>Waiting</c>, <c>Issuing</c>, <c>Issued</c>, <c>Renewing</c>, <c>Retrying</c>, <c>Stopped</c> (nothing happens until somebody acts), <c>Uploaded</c> (an uploaded certificate covers the name), <c>Shared</c> (another Hostname has the shared wildcard certificate in hand), <c>External</c> (issued in the cluster) or <c>Off</c>.</param>
public sealed record HostnameIssuance(string State)
{
    /// <summary>Name of the Certificate; absent: there is none yet.</summary>
    public string? Certificate { get; init; }

    /// <summary>Name of the certificate authority that issued it, or that is asked now.</summary>
    public string? Issuer { get; init; }

    /// <summary>The step that is under way, or that failed: <c>Budget</c> (it waits for a place), <c>Preflight</c>, <c>Account</c>, <c>Order</c>, <c>Challenge</c>, <c>Finalize</c>, <c>Download</c> or <c>Store</c>.</summary>
    public string? Step { get; init; }

    /// <summary>What is wrong, of the preflight and of the authority; empty: nothing.</summary>
    public IReadOnlyList<HostnameProblem> Problems { get; init; } = [];

    /// <summary>End of the certificate's validity.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>When it will be renewed.</summary>
    public DateTimeOffset? RenewAt { get; init; }

    /// <summary>Why then: <c>RenewalInfo</c> (the authority's wish, RFC 9773) or <c>Lifetime</c>.</summary>
    public string? RenewBecause { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>When it is looked at next.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}
