using Gatehouse.Dns;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Whom to ask, and how patiently.</summary>
public sealed record HostnameInspectorOptions
{
    /// <summary>Resolvers; at most eight are asked. Several that share no cache see what has not reached everybody.</summary>
    public IReadOnlyList<DnsServer> Resolvers { get; init; } = [];

    /// <summary>How long one inspection may take in all.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How patiently each question is asked.</summary>
    public DnsClientOptions Client { get; init; } = new() { Timeout = TimeSpan.FromSeconds(6) };
}
