using System.Globalization;
using System.Text;

namespace Gatehouse.Dns.Messages;

/// <summary>Names between their text and the bytes on the wire (<see href="https://www.rfc-editor.org/rfc/rfc1035#section-5.1">RFC 1035 5.1</see>).</summary>
internal static class NameText
{
    /// <summary>Longest name on the wire, in bytes.</summary>
    public const int MaxWireLength = 255;

    private const int MaxTextLength = MaxWireLength * 4;

    /// <summary>Encodes lower or mixed case text as it is; <c>\DDD</c> is a byte; a trailing dot changes nothing. Null: it is not a name.</summary>
    public static byte[]? Encode(string text)
    {
        if (text is "." or "")
            return [0];
        if (text.Length > MaxTextLength)
            return null;
        var bare = text[^1] == '.' ? text[..^1] : text;
        var wire = new List<byte>(bare.Length + 2);
        foreach (var label in bare.Split('.'))
        {
            var start = wire.Count;
            wire.Add(0);
            if (!AppendLabel(wire, label) || wire.Count - start - 1 is 0 or > DnsName.MaxLabelLength)
                return null;
            wire[start] = (byte)(wire.Count - start - 1);
        }
        wire.Add(0);
        return wire.Count <= MaxWireLength ? [.. wire] : null;
    }

    /// <summary>Lower case without trailing dot, which is what names are compared by. Null: it is not a name.</summary>
    public static string? Canonical(string text)
    {
        if (Encode(text) is not { } wire)
            return null;
        var reader = new WireReader(wire);
        return reader.ReadName();
    }

    /// <summary>Appends a label's bytes; what is not a plain printable character becomes <c>\DDD</c>, dots within it too.</summary>
    public static void AppendText(StringBuilder text, ReadOnlySpan<byte> label)
    {
        if (text.Length > 0)
            text.Append('.');
        foreach (var value in label)
        {
            if (value is > (byte)' ' and < 0x7F and not ((byte)'.' or (byte)'\\' or (byte)'"'))
                text.Append(char.ToLowerInvariant((char)value));
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{value:D3}");
        }
    }

    private static bool AppendLabel(List<byte> wire, string label)
    {
        for (var i = 0; i < label.Length; i++)
        {
            if (label[i] > 0x7E || label[i] < ' ')
                return false;
            if (label[i] != '\\')
            {
                wire.Add((byte)label[i]);
                continue;
            }
            if (i + 3 >= label.Length || !byte.TryParse(label.AsSpan(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return false;
            wire.Add(value);
            i += 3;
        }
        return true;
    }
}
