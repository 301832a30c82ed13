namespace Gatehouse.Dns.Messages;

/// <summary>Writes questions.</summary>
internal static class MessageWriter
{
    /// <summary>Bytes that we take by UDP: what passes any network unfragmented (<see href="https://www.rfc-editor.org/rfc/rfc9715">RFC 9715</see>).</summary>
    public const int UdpPayload = 1232;

    /// <summary>A question; its id is zero.</summary>
    /// <param name="name">Name; the case is kept.</param>
    /// <param name="type">Type.</param>
    /// <param name="withEdns">Whether to say that we know EDNS(0) (RFC 6891).</param>
    /// <param name="checkingDisabled">Whether a resolver should answer even what fails DNSSEC.</param>
    /// <exception cref="ArgumentException">The name is not one.</exception>
    public static byte[] Question(string name, DnsRecordType type, bool withEdns, bool checkingDisabled)
    {
        var flags = DnsMessage.RecursionDesiredFlag | (checkingDisabled ? DnsMessage.CheckingDisabledFlag : 0);
        var writer = new WireWriter().UInt16(0).UInt16(flags).UInt16(1).UInt16(0).UInt16(0).UInt16(withEdns ? 1 : 0)
            .Name(name).UInt16((int)type).UInt16(DnsMessage.Internet);
        if (withEdns)
            writer.Record(".", DnsRecordType.OPT, UdpPayload, 0);
        return writer.ToArray();
    }
}
