namespace Gatehouse.Dns.Caa;

/// <summary>Who wants to issue for what.</summary>
/// <param name="Hostname">Exact name, or <c>*.</c> and a name.</param>
/// <param name="Authorities">Names by which the authority calls itself in CAA records; one of them must be allowed.</param>
public sealed record CaaRequest(DnsName Hostname, IReadOnlyCollection<string> Authorities)
{
    /// <summary>How control is shown, for example <c>http-01</c> (RFC 8657); null: restrictions to methods are not looked at.</summary>
    public string? ValidationMethod { get; init; }

    /// <summary>The ACME account (RFC 8657); null: restrictions to accounts are not looked at.</summary>
    public string? AccountUri { get; init; }
}
