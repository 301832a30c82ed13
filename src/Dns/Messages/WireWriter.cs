using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gatehouse.Dns.Messages;

/// <summary>Writes a message's bytes; names are not compressed.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    public int Length => _bytes.WrittenCount;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public WireWriter Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
        return this;
    }

    public WireWriter UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.GetSpan(2), (ushort)value);
        _bytes.Advance(2);
        return this;
    }

    public WireWriter UInt32(long value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(4), (uint)value);
        _bytes.Advance(4);
        return this;
    }

    public WireWriter UInt48(long value) => UInt16((int)(value >> 32)).UInt32(value & uint.MaxValue);

    public WireWriter Bytes(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    /// <exception cref="ArgumentException">The text is not a name.</exception>
    public WireWriter Name(string text) => Bytes(NameText.Encode(text) ?? throw new ArgumentException("This is not a DNS name.", nameof(text)));

    /// <summary>A record; the data is written by the action, its length before it.</summary>
    public WireWriter Record(string name, DnsRecordType type, int @class, long timeToLive, Action<WireWriter>? data = null)
    {
        var inner = new WireWriter();
        data?.Invoke(inner);
        return Name(name).UInt16((int)type).UInt16(@class).UInt32(timeToLive).UInt16(inner.Length).Bytes(inner._bytes.WrittenSpan);
    }

    /// <summary>A value as strings of at most 255 bytes; a character is a byte.</summary>
    public WireWriter Strings(string value)
    {
        var bytes = Encoding.Latin1.GetBytes(value);
        for (var at = 0; at == 0 || at < bytes.Length; at += byte.MaxValue)
        {
            var part = bytes.AsSpan(at, Math.Min(byte.MaxValue, bytes.Length - at));
            Byte((byte)part.Length).Bytes(part);
        }
        return this;
    }
}
