namespace Gatehouse.Dns.Messages;

/// <summary>What was asked.</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="Type">Type.</param>
/// <param name="Class">1: the Internet.</param>
internal sealed record DnsQuestion(string Name, DnsRecordType Type, int Class);

/// <summary>A message (<see href="https://www.rfc-editor.org/rfc/rfc1035#section-4">RFC 1035 4</see>).</summary>
/// <param name="Id">Chosen by who asks, returned by who answers.</param>
/// <param name="Flags">The 16 bits after the id.</param>
internal sealed record DnsMessage(int Id, int Flags)
{
    /// <summary>Flags: the message is an answer; it was cut; recursion is wanted; signatures are not to be checked.</summary>
    public const int ResponseFlag = 0x8000, TruncatedFlag = 0x0200, RecursionDesiredFlag = 0x0100, CheckingDisabledFlag = 0x0010;

    public const int Internet = 1, NoneClass = 254, AnyClass = 255;

    public bool IsResponse => (Flags & ResponseFlag) != 0;

    public int Opcode => (Flags >> 11) & 0xF;

    /// <summary>The server holds the zone.</summary>
    public bool IsAuthoritative => (Flags & 0x0400) != 0;

    public bool IsTruncated => (Flags & TruncatedFlag) != 0;

    /// <summary>RCODE, with the upper bits from EDNS.</summary>
    public int ResponseCode { get; init; }

    public IReadOnlyList<DnsQuestion> Questions { get; init; } = [];

    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    public IReadOnlyList<DnsRecord> Authorities { get; init; } = [];

    public IReadOnlyList<DnsRecord> Additionals { get; init; } = [];

    /// <summary>Codes of RFC 8914.</summary>
    public IReadOnlyList<int> ExtendedErrors { get; init; } = [];

    /// <summary>Where the last record begins if it is a TSIG; null: the message is not signed.</summary>
    public int? TsigOffset { get; init; }
}

/// <summary>RCODEs that are told apart.</summary>
internal static class ResponseCodes
{
    public const int NoError = 0, FormatError = 1, ServerFailure = 2, NameMissing = 3, NotImplemented = 4, Refused = 5,
        NotAuthoritative = 9, NotZone = 10, BadVersionOrSignature = 16, BadKey = 17, BadTime = 18;
}
