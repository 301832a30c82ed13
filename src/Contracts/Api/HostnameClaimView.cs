namespace Gatehouse.Contracts.Api;

/// <summary>How a hostname's claim stands.</summary>
/// <param name="Name">The DNS name.</param>
/// <param name="State">Pending, Verified or Lost.</param>
/// <param name="Message">What is missing, and who must act.</param>
public sealed record HostnameClaimView(string Name, string State, string Message);
