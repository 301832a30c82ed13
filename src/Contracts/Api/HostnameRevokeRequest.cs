namespace Gatehouse.Contracts.Api;

/// <summary>Has the managed certificate of a hostname revoked.</summary>
/// <param name="Reason"><c>Unspecified</c>, <c>KeyCompromise</c>, <c>AffiliationChanged</c>, <c>Superseded</c> or <c>CessationOfOperation</c> (RFC 5280 section 5.3.1).</param>
public sealed record HostnameRevokeRequest(string Reason);
