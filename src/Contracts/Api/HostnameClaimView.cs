namespace Gatehouse.Contracts.Api;

/// <summary>How a hostname's claim stands.</summary>
/// <param name="Name">The DNS name.</param>
/// <param name="State">Pending, Verified or Lost.</param>
/// <param name="Message">What is missing, and who must act.</param>
public sealed record HostnameClaimView(string Name, string State, string Message)
{
    /// <summary>What DNS must say, and what it says now.</summary>
    public HostnameDns? Dns { get; init; }
}
