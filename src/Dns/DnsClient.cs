using Gatehouse.Dns.Exchanges;
using Gatehouse.Dns.Messages;

namespace Gatehouse.Dns;

/// <summary>
/// Asks name servers: UDP with EDNS(0), TCP for what does not fit, several tries, aliases followed. Whatever a server sends, a question
/// ends within its time with one of the outcomes. May be shared.
/// </summary>
public sealed class DnsClient(DnsClientOptions options)
{
    /// <summary>Asks one server one question.</summary>
    /// <param name="server">Whom to ask: a resolver, or a server that holds the zone.</param>
    /// <param name="name">Name, with or without a trailing dot; unusual bytes as <c>\DDD</c>.</param>
    /// <param name="type">Type of the records.</param>
    /// <param name="cancellationToken">Ends it without an answer.</param>
    /// <exception cref="ArgumentException">The name is not one.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; running out of time is an outcome instead.</exception>
    public Task<DnsAnswer> QueryAsync(DnsServer server, string name, DnsRecordType type, CancellationToken cancellationToken) =>
        QueryAsync(server, name, type, checkingDisabled: false, cancellationToken);

    /// <summary>Asks one server one question, if wanted without its checking DNSSEC, which tells a broken signature from a dead server.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="name">Name.</param>
    /// <param name="type">Type of the records.</param>
    /// <param name="checkingDisabled">Whether to set the bit CD (<see href="https://www.rfc-editor.org/rfc/rfc4035#section-3.2.2">RFC 4035 3.2.2</see>).</param>
    /// <param name="cancellationToken">Ends it without an answer.</param>
    /// <exception cref="ArgumentException">The name is not one.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<DnsAnswer> QueryAsync(DnsServer server, string name, DnsRecordType type, bool checkingDisabled, CancellationToken cancellationToken)
    {
        var walk = new AliasWalk(server, NameText.Canonical(name) ?? throw new ArgumentException("This is not a DNS name.", nameof(name)), type, options.MaxChain);
        using var patience = new CancellationTokenSource(options.Timeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            while (true)
            {
                if (walk.Take(await new Exchange(options, server, walk.Current, type, checkingDisabled).RunAsync(either.Token)) is { } answer)
                    return answer;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return walk.End(DnsOutcome.TimedOut, null);
        }
    }
}
