using Gatehouse.Dns.Messages;

namespace Gatehouse.Dns.Exchanges;

/// <summary>
/// Follows aliases through one answer after another (<see href="https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2">RFC 1034 3.6.2</see>).
/// Resolvers follow them themselves; what they leave is asked for again by the caller.
/// </summary>
internal sealed class AliasWalk(DnsServer server, string name, DnsRecordType type, int maxChain)
{
    private readonly List<string> _through = [];
    private long? _timeToLive;

    /// <summary>The name to ask for next.</summary>
    public string Current => _through.Count == 0 ? name : _through[^1];

    /// <summary>Takes what came for <see cref="Current"/>; null: that is to be asked for next.</summary>
    public DnsAnswer? Take(Reply reply)
    {
        if (reply.Message is not { } message)
            return End(reply.Failure, null);
        if (FailureOf(message.ResponseCode) is { } failure)
            return End(failure, message);
        var asked = Current;
        while (AliasOf(message) is { } alias)
        {
            Lower(alias.TimeToLive);
            var isLoop = alias.Target == name || _through.Contains(alias.Target);
            if (isLoop || _through.Count == maxChain)
                return End(DnsOutcome.ChainTooLong, message) with { IsLoop = isLoop };
            _through.Add(alias.Target);
        }
        return Found(message) ?? Nothing(message, isAsked: Current == asked);
    }

    /// <summary>The question ends here.</summary>
    public DnsAnswer End(DnsOutcome outcome, DnsMessage? message) => new(server, name, type, outcome)
    {
        Through = [.. _through],
        TimeToLive = _timeToLive,
        ResponseCode = message?.ResponseCode,
        ExtendedErrors = message?.ExtendedErrors ?? [],
    };

    private static DnsOutcome? FailureOf(int code) => code switch
    {
        ResponseCodes.NoError or ResponseCodes.NameMissing => null,
        ResponseCodes.Refused or ResponseCodes.NotAuthoritative => DnsOutcome.Refused,
        _ => DnsOutcome.ServerFailure,
    };

    // A server of today adds the alias that follows from a DNAME (RFC 6672 3.1); one that does not gives the DNAME alone.
    private (string Target, long TimeToLive)? AliasOf(DnsMessage message)
    {
        if (type is DnsRecordType.CNAME or DnsRecordType.DNAME or DnsRecordType.ANY)
            return null;
        foreach (var record in message.Answers)
        {
            if (record.Type == DnsRecordType.CNAME && record.Name == Current)
                return (((NameData)record.Data).Target, record.TimeToLive);
        }
        foreach (var record in message.Answers)
        {
            if (record.Type == DnsRecordType.DNAME && record.Name != Current && record.Name != "." && DnsName.IsAtOrBelow(Current, record.Name)
                && NameText.Canonical($"{Current[..^record.Name.Length]}{((NameData)record.Data).Target}") is { } target)
                return (target, record.TimeToLive);
        }
        return null;
    }

    private DnsAnswer? Found(DnsMessage message)
    {
        DnsRecord[] records = [.. message.Answers.Where(record => record.Type == type && record.Name == Current)];
        if (records.Length == 0)
            return null;
        foreach (var record in records)
            Lower(record.TimeToLive);
        return End(DnsOutcome.Answered, message) with { Records = records };
    }

    // How long "there is none" may be kept, and by whose word: RFC 2308 5.
    private DnsAnswer? Nothing(DnsMessage message, bool isAsked)
    {
        var start = message.Authorities.FirstOrDefault(static record => record.Type == DnsRecordType.SOA);
        var isReferral = start is null && !message.IsAuthoritative && message.Authorities.Any(static record => record.Type == DnsRecordType.NS);
        if (message.ResponseCode != ResponseCodes.NameMissing && start is null && !isAsked)
            return null;
        if (start is not null)
            Lower(Math.Min(start.TimeToLive, ((SoaData)start.Data).Minimum));
        var outcome = message.ResponseCode == ResponseCodes.NameMissing ? DnsOutcome.NameMissing : isReferral ? DnsOutcome.ServerFailure : DnsOutcome.NoData;
        return End(outcome, message) with { Zone = start?.Name, IsReferral = isReferral && outcome == DnsOutcome.ServerFailure, TimeToLive = start is null ? null : _timeToLive };
    }

    private void Lower(long timeToLive) => _timeToLive = Math.Min(_timeToLive ?? long.MaxValue, timeToLive);
}
