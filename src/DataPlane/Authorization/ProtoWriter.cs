using System.Buffers;
using System.Text;

namespace Gatehouse.DataPlane.Authorization;

/// <summary>Writes the little of protocol buffers' wire format that a CheckRequest needs (https://protobuf.dev/programming-guides/encoding/).</summary>
internal sealed class ProtoWriter
{
    private const int VarintType = 0;
    private const int BytesType = 2;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public ProtoWriter Number(int field, long value)
    {
        if (value == 0)
            return this;
        Varint((uint)(field << 3) | VarintType);
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Text(int field, string? value) => string.IsNullOrEmpty(value) ? this : Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.Written.Span);

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((uint)(field << 3) | BytesType);
        Varint((ulong)value.Length);
        _buffer.Write(value);
        return this;
    }

    private void Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var length = 0;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        bytes[length++] = (byte)value;
        _buffer.Write(bytes[..length]);
    }
}
