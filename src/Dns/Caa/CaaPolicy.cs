namespace Gatehouse.Dns.Caa;

/// <summary>
/// Which authorities a domain lets issue (<see href="https://www.rfc-editor.org/rfc/rfc8659">RFC 8659</see>): the nearest records at or above
/// the name decide, and those above them say nothing more. Aliases are followed for the records of each name; the climb stays in the
/// name's own tree.
/// </summary>
public sealed class CaaPolicy(DnsClient client)
{
    private const string Issue = "issue";
    private const string IssueWild = "issuewild";

    // RFC 8659 4.2-4.4, RFC 9495: tags that say nothing about what is asked here count as known.
    private static readonly string[] Known = [Issue, IssueWild, "iodef", "issuemail"];

    /// <summary>Asks one server.</summary>
    /// <param name="server">A resolver.</param>
    /// <param name="request">Who wants to issue for what.</param>
    /// <param name="cancellationToken">Ends it without a verdict.</param>
    public async Task<CaaVerdict> CheckAsync(DnsServer server, CaaRequest request, CancellationToken cancellationToken)
    {
        var isWildcard = request.Hostname.Labels[0] == "*";
        var start = isWildcard ? request.Hostname.Parent ?? request.Hostname : request.Hostname;
        foreach (var domain in start.WithAncestors())
        {
            var answer = await client.QueryAsync(server, domain.Text, DnsRecordType.CAA, cancellationToken);
            if (!answer.IsDefinite)
                return new CaaVerdict(CaaReason.Unreadable, domain.Text, [], answer);
            CaaData[] records = [.. answer.Records.Select(static record => record.Data).OfType<CaaData>()];
            if (records.Length > 0)
                return Judge(request, isWildcard, domain.Text, records);
        }
        return new CaaVerdict(CaaReason.Allowed, null, [], null);
    }

    /// <summary>What a domain's records mean for a request.</summary>
    internal static CaaVerdict Judge(CaaRequest request, bool isWildcard, string domain, IReadOnlyList<CaaData> records)
    {
        if (records.Any(static record => record.IsCritical && !Known.Contains(record.Tag)))
            return new CaaVerdict(CaaReason.UnknownCritical, domain, records, null);

        // RFC 8659 4.3: for a wildcard, issuewild records replace the issue records.
        var byWildcard = isWildcard && records.Any(static record => record.Tag == IssueWild);
        CaaIssuer[] issuers = [.. records.Where(record => record.Tag == (byWildcard ? IssueWild : Issue)).Select(static record => CaaIssuer.Read(record.Value))];
        CaaIssuer[] ours = [.. issuers.Where(issuer => request.Authorities.Contains(issuer.Domain, StringComparer.OrdinalIgnoreCase))];
        var reason = issuers.Length == 0 || ours.Any(issuer => issuer.Permits(request)) ? CaaReason.Allowed
            : ours.Length > 0 ? CaaReason.OtherParameters
            : CaaReason.OtherAuthorities;
        return new CaaVerdict(reason, domain, records, null) { ByWildcardRecords = byWildcard };
    }
}
