using System.Buffers.Binary;
using System.Text;

namespace Gatehouse.Dns.Messages;

/// <summary>Reads a message's bytes. Whatever they are, it ends, and throws nothing but <see cref="DnsFormatException"/>.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int MaxPointers = 64;

    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Where the next byte is read.</summary>
    public int Position { get; private set; }

    public byte ReadByte() => Read(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Read(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Read(4));

    public ReadOnlySpan<byte> Read(int count)
    {
        if (count < 0 || count > _message.Length - Position)
            throw new DnsFormatException("The message ends too early.");
        var bytes = _message.Slice(Position, count);
        Position += count;
        return bytes;
    }

    /// <summary>A string of one length byte and so many bytes (RFC 1035 3.3); a character is a byte.</summary>
    public string ReadString() => Encoding.Latin1.GetString(Read(ReadByte()));

    /// <summary>
    /// A name, compressed or not (<see href="https://www.rfc-editor.org/rfc/rfc1035#section-4.1.4">RFC 1035 4.1.4</see>). A pointer must lead
    /// before the part that holds it, so that no chain of them comes back, and chains are short.
    /// </summary>
    public string ReadName()
    {
        var text = new StringBuilder();
        var (at, after, part, wireLength, pointers) = (Position, -1, Position, 1, 0);
        while (true)
        {
            var length = ByteAt(at++);
            if (length == 0)
                break;
            if (length >= 0xC0)
            {
                var target = ((length & 0x3F) << 8) | ByteAt(at++);
                after = after < 0 ? at : after;
                if (target >= part || ++pointers > MaxPointers)
                    throw new DnsFormatException("A compressed name leads nowhere.");
                at = part = target;
                continue;
            }
            wireLength += length + 1;
            if (length > DnsName.MaxLabelLength || wireLength > NameText.MaxWireLength || length > _message.Length - at)
                throw new DnsFormatException("A name is too long.");
            NameText.AppendText(text, _message.Slice(at, length));
            at += length;
        }
        Position = after < 0 ? at : after;
        return text.Length == 0 ? "." : text.ToString();
    }

    private readonly byte ByteAt(int position) => position < _message.Length ? _message[position] : throw new DnsFormatException("The message ends within a name.");
}
