using Gatehouse.Dns.Messages;

namespace Gatehouse.Dns.Exchanges;

/// <summary>A message that came back, or why none did.</summary>
internal readonly record struct Reply(DnsMessage? Message, DnsOutcome Failure);

/// <summary>Gets one question answered by one server: tries, timeouts, the way to TCP, and servers that do not know EDNS.</summary>
internal sealed class Exchange(DnsClientOptions options, DnsServer server, string name, DnsRecordType type, bool checkingDisabled)
{
    private bool _withEdns = true;

    /// <summary>Asks; ends at the latest when cancelled.</summary>
    public async Task<Reply> RunAsync(CancellationToken cancellationToken)
    {
        var reply = await TryAllAsync(cancellationToken);

        // RFC 6891 7: servers of old do not know EDNS and say so, or call the question malformed.
        if (reply.Message is { ResponseCode: ResponseCodes.FormatError or ResponseCodes.NotImplemented or ResponseCodes.BadVersionOrSignature })
        {
            _withEdns = false;
            reply = await TryAllAsync(cancellationToken);
        }
        return reply;
    }

    private async Task<Reply> TryAllAsync(CancellationToken cancellationToken)
    {
        Reply last = new(null, DnsOutcome.TimedOut);
        for (var i = 0; i < options.Tries; i++)
        {
            var reply = await OnceAsync(cancellationToken);
            if (reply.Message is not null)
                return reply;

            // Garbage says more about the server than the silence after it.
            last = last.Failure == DnsOutcome.Malformed ? last : reply;
        }
        return last;
    }

    private async Task<Reply> OnceAsync(CancellationToken cancellationToken)
    {
        var guard = new QuestionGuard(name, type, _withEdns, checkingDisabled);
        var others = 0;
        var sent = await WithinTryAsync(
            ending => Wire.ByUdpAsync(server, guard.Request, bytes => guard.Compare(bytes.Span) != Echo.Other || ++others < 0, ending), cancellationToken);
        if (sent.Bytes is not { } bytes)
            return new Reply(null, sent.Failure == DnsOutcome.TimedOut && others > 0 ? DnsOutcome.Malformed : sent.Failure);

        var reply = Read(bytes);
        var isFolded = guard.Compare(bytes) == Echo.Folded;
        return isFolded || reply.Message is { IsTruncated: true } ? await ByTcpAsync(guard, isFolded, reply, cancellationToken) : reply;
    }

    // Nobody can forge an answer there without seeing the question. A server that folds case and has no TCP is believed all the same.
    private async Task<Reply> ByTcpAsync(QuestionGuard guard, bool isFolded, Reply byUdp, CancellationToken cancellationToken)
    {
        var sent = await WithinTryAsync(async ending => await Wire.ByTcpAsync(server, guard.Request, ending), cancellationToken);
        if (sent.Bytes is not { } bytes)
            return isFolded && byUdp.Message is { IsTruncated: false } ? byUdp : new Reply(null, sent.Failure);
        var reply = guard.Compare(bytes) == Echo.Other ? default : Read(bytes);
        return reply.Message is { IsTruncated: false } ? reply : new Reply(null, DnsOutcome.Malformed);
    }

    private Task<(byte[]? Bytes, DnsOutcome Failure)> WithinTryAsync(Func<CancellationToken, Task<byte[]?>> send, CancellationToken cancellationToken) =>
        Patience.WithinAsync(options.TryTimeout, options.Time, send, cancellationToken);

    private static Reply Read(byte[] bytes)
    {
        try
        {
            return new Reply(MessageReader.Read(bytes), default);
        }
        catch (DnsFormatException)
        {
            return new Reply(null, DnsOutcome.Malformed);
        }
    }
}
