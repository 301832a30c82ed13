using Gatehouse.Dns;
using Gatehouse.Dns.Caa;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Asks resolvers everything about one hostname, all at once, until the time is over; what is open then timed out.</summary>
internal sealed class Survey(DnsClient client, HostnameExpectation expected, CancellationToken ending, CancellationToken cancellationToken)
{
    /// <summary>How many domains above a name are looked at; longer names are rare, and each one is a question to every resolver.</summary>
    public const int MaxDomains = 8;

    /// <summary>What is expected.</summary>
    public HostnameExpectation Expected => expected;

    /// <summary>Asks one resolver everything.</summary>
    public async Task<ResolverView> ViewAsync(DnsServer resolver)
    {
        var claim = AskAsync(resolver, expected.ClaimRecord.Name, DnsRecordType.TXT);
        var domains = Task.WhenAll(expected.DomainRecords.Take(MaxDomains).Select(domain => AskAsync(resolver, domain.Name, DnsRecordType.TXT)));
        var v4 = AskAsync(resolver, expected.Hostname, DnsRecordType.A);
        var v6 = AskAsync(resolver, expected.Hostname, DnsRecordType.AAAA);
        var start = AskAsync(resolver, expected.Base, DnsRecordType.SOA);
        var caa = expected.CertificateAuthorities.Count > 0 ? CaaAsync(resolver) : null;
        var alias = expected.AcmeRecord is { } acme ? AskAsync(resolver, acme.Name, DnsRecordType.CNAME) : null;
        var text = expected.AcmeRecord is not null && expected.NeedsDns01 ? AskAsync(resolver, expected.AcmeRecord.Name, DnsRecordType.TXT) : null;
        await Task.WhenAll(((Task?[])[claim, domains, v4, v6, start, caa, alias, text]).OfType<Task>());
        return new ResolverView(
            resolver, await claim, await domains, await v4, await v6, await start,
            caa is null ? null : await caa, alias is null ? null : await alias, text is null ? null : await text);
    }

    /// <summary>Asks one question; the end of the time is an answer.</summary>
    public async Task<DnsAnswer> AskAsync(DnsServer resolver, string name, DnsRecordType type, bool checkingDisabled = false)
    {
        // Names with ours before them may get too long to exist.
        if (!DnsName.TryParse(name, out _))
            return new DnsAnswer(resolver, name, type, DnsOutcome.NameMissing);
        try
        {
            return await client.QueryAsync(resolver, name, type, checkingDisabled, ending);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DnsAnswer(resolver, name, type, DnsOutcome.TimedOut);
        }
    }

    private async Task<CaaVerdict> CaaAsync(DnsServer resolver)
    {
        try
        {
            return await new CaaPolicy(client).CheckAsync(resolver, new CaaRequest(DnsName.Parse(expected.Hostname), expected.CertificateAuthorities)
            {
                ValidationMethod = expected.ValidationMethod,
                AccountUri = expected.AccountUri,
            }, ending);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CaaVerdict(CaaReason.Unreadable, expected.Base, [], new DnsAnswer(resolver, expected.Base, DnsRecordType.CAA, DnsOutcome.TimedOut));
        }
    }
}
