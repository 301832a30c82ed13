using System.Text;

namespace Gatehouse.DataPlane.Authorization;

/// <summary>Reads protocol buffers' wire format field by field; fields that nobody asks for are skipped.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Number of the field.</summary>
    public int Field { get; private set; }

    /// <summary>Value of a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Value of a text, of bytes or of a message.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Value);

    /// <summary>Goes to the next field; false: there is none.</summary>
    /// <exception cref="InvalidDataException">The data is malformed.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        (Field, Number) = ((int)(tag >> 3), 0);
        Value = default;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                var length = Varint();
                Value = Take(length > int.MaxValue ? int.MaxValue : (int)length);
                break;
            case 5:
                Take(4);
                break;
            default:
                throw new InvalidDataException("The message is malformed.");
        }
        return true;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw new InvalidDataException("The message is cut off.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException("A number is too long.");
    }
}
