using System.Net;

namespace Gatehouse.Dns;

/// <summary>What a record says.</summary>
public abstract record DnsData
{
    private protected DnsData()
    {
    }

    /// <summary>The data as zone files and DNS providers' forms show it; text of strangers, neither bounded nor escaped but for names.</summary>
    public abstract string Text { get; }

    /// <inheritdoc />
    public sealed override string ToString() => Text;
}

/// <summary>Address of an A or AAAA record.</summary>
public sealed record AddressData(IPAddress Address) : DnsData
{
    /// <inheritdoc />
    public override string Text => Address.ToString();
}

/// <summary>Target of an NS, CNAME, DNAME or PTR record.</summary>
/// <param name="Target">Lower case without trailing dot; unusual bytes as <c>\DDD</c>; <c>.</c> is the root.</param>
public sealed record NameData(string Target) : DnsData
{
    /// <inheritdoc />
    public override string Text => Target;
}

/// <summary>Strings of a TXT record.</summary>
/// <param name="Strings">As sent, up to 255 bytes each; a character is a byte (Latin-1).</param>
public sealed record TextData(IReadOnlyList<string> Strings) : DnsData
{
    /// <summary>The strings joined without anything between, which is how a long value is split.</summary>
    public string Value => string.Concat(Strings);

    /// <inheritdoc />
    public override string Text => Value;
}

/// <summary>A CAA record (<see href="https://www.rfc-editor.org/rfc/rfc8659#section-4.1">RFC 8659 4.1</see>).</summary>
/// <param name="Flags">128: critical.</param>
/// <param name="Tag">Lower case, for example <c>issue</c>.</param>
/// <param name="Value">A character is a byte (Latin-1).</param>
public sealed record CaaData(byte Flags, string Tag, string Value) : DnsData
{
    /// <summary>Who does not know the tag must not issue.</summary>
    public bool IsCritical => (Flags & 0x80) != 0;

    /// <inheritdoc />
    public override string Text => $"{Flags} {Tag} \"{Value}\"";
}

/// <summary>Start of a zone (<see href="https://www.rfc-editor.org/rfc/rfc1035#section-3.3.13">RFC 1035 3.3.13</see>).</summary>
/// <param name="PrimaryServer">Name of the primary server.</param>
/// <param name="Mailbox">Mail address, its @ as a dot.</param>
/// <param name="Serial">Version of the zone.</param>
/// <param name="Refresh">Seconds.</param>
/// <param name="Retry">Seconds.</param>
/// <param name="Expire">Seconds.</param>
/// <param name="Minimum">Seconds for which "there is none" may be kept (RFC 2308).</param>
public sealed record SoaData(string PrimaryServer, string Mailbox, uint Serial, uint Refresh, uint Retry, uint Expire, uint Minimum) : DnsData
{
    /// <inheritdoc />
    public override string Text => $"{PrimaryServer} {Mailbox} {Serial} {Refresh} {Retry} {Expire} {Minimum}";
}

/// <summary>Data of a type that is not looked into.</summary>
public sealed record OpaqueData(ReadOnlyMemory<byte> Bytes) : DnsData
{
    /// <inheritdoc />
    public override string Text => $"\\# {Bytes.Length} {Convert.ToHexStringLower(Bytes.Span)}";
}
