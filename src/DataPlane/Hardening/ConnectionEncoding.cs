using System.Text;

namespace Gatehouse.DataPlane.Hardening;

/// <summary>
/// Keeps what a Connection header names. Kestrel overwrites the header with the option that it knows (<c>close, X-Secret</c> becomes
/// <c>close</c>) and what else was named would be forwarded. So where other options are named, the known ones are decoded with a mark
/// that hides them from Kestrel; and as Kestrel does the same when such options stand on a line of their own, beside one with <c>close</c>
/// or <c>keep-alive</c>, two options are added that together are never overwritten, at the price of the connection.
/// </summary>
internal sealed class ConnectionEncoding : Encoding
{
    private const char Mark = '~';
    private const string NeverOverwritten = ", keep-alive, close";

    private static readonly string[] Known = ["close", "keep-alive", "upgrade"];

    public static ConnectionEncoding Instance { get; } = new();

    /// <summary>The option without its mark.</summary>
    public static ReadOnlySpan<char> Unmark(ReadOnlySpan<char> option) => option.TrimStart(Mark);

    public override int GetCharCount(byte[] bytes, int index, int count) => Decode(bytes.AsSpan(index, count)).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Decode(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(chars.AsSpan(charIndex));
        return text.Length;
    }

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    // Each option, of one character at least, with a mark, a comma and a blank.
    public override int GetMaxCharCount(int byteCount) => byteCount * 4 + NeverOverwritten.Length;

    private static string Decode(ReadOnlySpan<byte> value)
    {
        var text = Latin1.GetString(value);
        var options = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return options.All(IsKnown) ? text : string.Join(", ", options.Select(option => IsKnown(option) ? Mark + option : option)) + NeverOverwritten;
    }

    private static bool IsKnown(string option) => Known.Contains(option, StringComparer.OrdinalIgnoreCase);
}
