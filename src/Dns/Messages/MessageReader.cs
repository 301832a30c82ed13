using System.Net;
using System.Text;

namespace Gatehouse.Dns.Messages;

/// <summary>Reads messages of anybody.</summary>
internal static class MessageReader
{
    private const int ExtendedErrorOption = 15;
    private const int MaxExtendedErrors = 8;

    // Compressed names unfold to many times the message's length; no set of records that anybody needs is as large.
    private const int MaxRecords = 1_000;

    /// <summary>
    /// Reads a message. Of one that was cut (TC) only header and questions are read: the rest may end anywhere, and is asked for by TCP.
    /// </summary>
    /// <exception cref="DnsFormatException">It is malformed.</exception>
    public static DnsMessage Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var message = new DnsMessage(reader.ReadUInt16(), reader.ReadUInt16());
        message = message with { ResponseCode = message.Flags & 0xF };
        var (questions, answers, authorities, additionals) = (reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());
        if (questions > 1 || answers + authorities + additionals > MaxRecords)
            throw new DnsFormatException("There is more in the message than anybody needs.");
        message = message with { Questions = ReadQuestions(ref reader, questions) };
        if (message.IsTruncated)
            return message;

        message = message with { Answers = ReadRecords(ref reader, answers, out _), Authorities = ReadRecords(ref reader, authorities, out _) };
        var extra = ReadRecords(ref reader, additionals, out var last);
        message = message with { Additionals = extra, TsigOffset = extra.Count > 0 && extra[^1].Type == DnsRecordType.TSIG ? last : null };
        return extra.FirstOrDefault(static record => record.Type == DnsRecordType.OPT) is { } edns ? WithEdns(message, edns) : message;
    }

    private static List<DnsQuestion> ReadQuestions(ref WireReader reader, int count)
    {
        List<DnsQuestion> questions = [];
        for (var i = 0; i < count; i++)
            questions.Add(new DnsQuestion(reader.ReadName(), (DnsRecordType)reader.ReadUInt16(), reader.ReadUInt16()));
        return questions;
    }

    private static List<DnsRecord> ReadRecords(ref WireReader reader, int count, out int last)
    {
        List<DnsRecord> records = [];
        last = reader.Position;
        for (var i = 0; i < count; i++)
        {
            last = reader.Position;
            var (name, type, @class, timeToLive) = (reader.ReadName(), (DnsRecordType)reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt32());
            var length = reader.ReadUInt16();
            var end = reader.Position + length;
            var data = @class == DnsMessage.Internet ? ReadData(ref reader, type, length) : new OpaqueData(reader.Read(length).ToArray());
            if (reader.Position != end)
                throw new DnsFormatException("A record's data is not as long as it says.");

            // Records of other classes answer no question of ours; OPT and TSIG use class and time to live for something else.
            if (@class == DnsMessage.Internet || type is DnsRecordType.OPT or DnsRecordType.TSIG)
                records.Add(new DnsRecord(name, type, type == DnsRecordType.OPT ? timeToLive : Seconds(timeToLive), data));
        }
        return records;
    }

    // A time to live with the top bit set is none (RFC 2181 8).
    private static long Seconds(uint timeToLive) => timeToLive > int.MaxValue ? 0 : timeToLive;

    private static DnsData ReadData(ref WireReader reader, DnsRecordType type, int length) => type switch
    {
        DnsRecordType.A => length == 4 ? new AddressData(new IPAddress(reader.Read(4))) : throw new DnsFormatException("An A record holds no IPv4 address."),
        DnsRecordType.AAAA => length == 16 ? new AddressData(new IPAddress(reader.Read(16))) : throw new DnsFormatException("An AAAA record holds no IPv6 address."),
        DnsRecordType.NS or DnsRecordType.CNAME or DnsRecordType.DNAME or DnsRecordType.PTR => new NameData(reader.ReadName()),
        DnsRecordType.SOA => new SoaData(
            reader.ReadName(), reader.ReadName(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32()),
        DnsRecordType.TXT => ReadText(ref reader, length),
        DnsRecordType.CAA => ReadCaa(ref reader, length),
        _ => new OpaqueData(reader.Read(length).ToArray()),
    };

    private static TextData ReadText(ref WireReader reader, int length)
    {
        var end = reader.Position + length;
        List<string> strings = [];
        while (reader.Position < end)
            strings.Add(reader.ReadString());
        return new TextData(strings);
    }

    private static CaaData ReadCaa(ref WireReader reader, int length)
    {
        var flags = reader.ReadByte();
        var tag = reader.ReadString();
        return new CaaData(flags, tag.ToLowerInvariant(), Encoding.Latin1.GetString(reader.Read(length - tag.Length - 2)));
    }

    // RFC 6891 6.1.3: the upper eight bits of the response code; RFC 8914 2: codes that explain an error.
    private static DnsMessage WithEdns(DnsMessage message, DnsRecord edns)
    {
        var options = new WireReader(((OpaqueData)edns.Data).Bytes.Span);
        List<int> errors = [];
        while (options.Position < ((OpaqueData)edns.Data).Bytes.Length)
        {
            var code = options.ReadUInt16();
            var value = options.Read(options.ReadUInt16());
            if (code == ExtendedErrorOption && value.Length >= 2 && errors.Count < MaxExtendedErrors)
                errors.Add((value[0] << 8) | value[1]);
        }
        return message with { ResponseCode = message.ResponseCode | (int)((edns.TimeToLive >> 24) << 4), ExtendedErrors = errors };
    }
}
