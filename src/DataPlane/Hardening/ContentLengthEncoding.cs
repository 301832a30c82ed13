using System.Text;

namespace Gatehouse.DataPlane.Hardening;

/// <summary>
/// Makes Kestrel read Content-Length as RFC 9110 §8.6 writes it, digits only: with an encoding of our own it decodes the value before it
/// parses it, and what is not a digit decodes to what cannot be parsed. Left alone it takes <c>+4</c> for 4.
/// </summary>
internal sealed class ContentLengthEncoding : Encoding
{
    private const char NotADigit = 'x';

    public static ContentLengthEncoding Instance { get; } = new();

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var count = Math.Min(byteCount, chars.Length - charIndex);
        for (var i = 0; i < count; i++)
            chars[charIndex + i] = bytes[byteIndex + i] is >= (byte)'0' and <= (byte)'9' ? (char)bytes[byteIndex + i] : NotADigit;
        return count;
    }

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        var count = Math.Min(bytes.Length, chars.Length);
        for (var i = 0; i < count; i++)
            chars[i] = bytes[i] is >= (byte)'0' and <= (byte)'9' ? (char)bytes[i] : NotADigit;
        return count;
    }

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
