using System.Globalization;
using System.Security.Cryptography;
using Gatehouse.Dns.Exchanges;
using Gatehouse.Dns.Messages;

namespace Gatehouse.Dns.Updates;

/// <summary>Gets one update to the server: signed anew for each try, by UDP first, by TCP where that does not do.</summary>
internal sealed class UpdateExchange(DnsUpdaterOptions options, byte[] update)
{
    private readonly Tsig _tsig = new(options.Key, options.Time);

    public async Task<DnsUpdateResult> RunAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < options.Tries; i++)
        {
            var request = Prepare();

            // Larger ones come in pieces by UDP, which many networks drop.
            if (request.Length > MessageWriter.UdpPayload)
                break;
            var sent = await Patience.WithinAsync(options.TryTimeout, options.Time, ending => Wire.ByUdpAsync(options.Server, request, bytes => IsAnswer(request, bytes.Span), ending), cancellationToken);
            if (sent.Bytes is { } bytes && Read(bytes) is not { IsTruncated: true })
                return Judge(bytes);
        }
        var last = Prepare();
        var byTcp = await Patience.WithinAsync(options.TryTimeout, options.Time, async ending => await Wire.ByTcpAsync(options.Server, last, ending), cancellationToken);
        return byTcp.Bytes is null ? Failed(byTcp.Failure) : IsAnswer(last, byTcp.Bytes) ? Judge(byTcp.Bytes) : Failed(DnsOutcome.Malformed);
    }

    private byte[] Prepare()
    {
        var message = (byte[])update.Clone();
        RandomNumberGenerator.Fill(message.AsSpan(0, 2));
        return _tsig.Sign(message);
    }

    private static bool IsAnswer(byte[] request, ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 12 && bytes[..2].SequenceEqual(request.AsSpan(0, 2)) && (bytes[2] & 0x80) != 0;

    private static DnsMessage? Read(byte[] bytes)
    {
        try
        {
            return MessageReader.Read(bytes);
        }
        catch (DnsFormatException)
        {
            return null;
        }
    }

    private DnsUpdateResult Judge(byte[] bytes)
    {
        try
        {
            var message = MessageReader.Read(bytes);
            return Judge(_tsig.Check(bytes, message), message);
        }
        catch (DnsFormatException)
        {
            return Failed(DnsOutcome.Malformed);
        }
    }

    // BADKEY and BADSIG come unsigned, for want of a common key (RFC 8945 5.3.2), and some servers sign no refusal at all. Whoever forges
    // one gains no more than by dropping the answer; that something was done is believed only if it is signed.
    private DnsUpdateResult Judge(TsigReading tsig, DnsMessage message) => (tsig.Error, tsig.State) switch
    {
        (ResponseCodes.BadKey, _) => new(DnsUpdateOutcome.BadKey, $"The server does not take the key {options.Key.Name} with {options.Key.Algorithm} (BADKEY): configure the same name and algorithm there, and that it may update {options.Zone}."),
        (ResponseCodes.BadVersionOrSignature, _) => new(DnsUpdateOutcome.BadSignature, $"The server has another secret for the key {options.Key.Name} (BADSIG): configure the same secret on both sides."),
        (ResponseCodes.BadTime, _) => new(DnsUpdateOutcome.BadTime, $"The server's clock and this machine's differ by more than the permitted time (BADTIME){Clock(tsig)}: set the clocks."),
        (_, TsigState.Missing) when message.ResponseCode == ResponseCodes.NoError => new(DnsUpdateOutcome.AnswerNotTrusted, "The answer is not signed: somebody else may have sent it."),
        (_, TsigState.Wrong) => new(DnsUpdateOutcome.AnswerNotTrusted, "The answer's signature is wrong: somebody else may have sent it."),
        (_, TsigState.OutOfTime) => new(DnsUpdateOutcome.BadTime, "The answer's signature is from another time: set the clocks."),
        _ => Judge(message.ResponseCode),
    };

    private DnsUpdateResult Judge(int code) => code switch
    {
        ResponseCodes.NoError => new(DnsUpdateOutcome.Applied, "The server has it."),
        ResponseCodes.Refused => new(DnsUpdateOutcome.Refused, $"The server does not let the key {options.Key.Name} make this update in {options.Zone} (REFUSED)."),
        ResponseCodes.NotAuthoritative => new(DnsUpdateOutcome.NotInZone, $"The server does not hold the zone {options.Zone}, or not for this key (NOTAUTH)."),
        ResponseCodes.NotZone => new(DnsUpdateOutcome.NotInZone, $"The name is not in the zone {options.Zone} (NOTZONE)."),
        ResponseCodes.FormatError => new(DnsUpdateOutcome.Malformed, "The server calls the update malformed (FORMERR)."),
        _ => new(DnsUpdateOutcome.ServerFailure, $"The server answered {NameOf(code)}."),
    };

    private static DnsUpdateResult Failed(DnsOutcome outcome) => outcome switch
    {
        DnsOutcome.TimedOut => new(DnsUpdateOutcome.TimedOut, "The server did not answer in time, neither by UDP nor by TCP."),
        DnsOutcome.Unreachable => new(DnsUpdateOutcome.Unreachable, "The server cannot be reached."),
        _ => new(DnsUpdateOutcome.Malformed, "What came back is not an answer."),
    };

    private string Clock(TsigReading tsig) => tsig.ServerTime is { } seconds && tsig.State == TsigState.Valid
        ? string.Create(CultureInfo.InvariantCulture, $", by {seconds - options.Time.GetUtcNow().ToUnixTimeSeconds()} s") : "";

    private static string NameOf(int code) => code switch
    {
        ResponseCodes.FormatError => "FORMERR",
        ResponseCodes.ServerFailure => "SERVFAIL",
        ResponseCodes.NotImplemented => "NOTIMP",
        ResponseCodes.Refused => "REFUSED",
        ResponseCodes.NotAuthoritative => "NOTAUTH",
        _ => string.Create(CultureInfo.InvariantCulture, $"error {code}"),
    };
}
