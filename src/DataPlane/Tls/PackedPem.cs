using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// PEM text in a third of its space: the first block as DER, what follows shared with others that end alike (certificates of one authority
/// have the same intermediates). Text of another form is kept as it is, so that the same text always comes out again.
/// </summary>
internal sealed class PackedPem
{
    private const int MaxShared = 256;

    private static readonly ConcurrentDictionary<string, string> SharedEnds = new(StringComparer.Ordinal);

    private readonly string _label;
    private readonly byte[] _first;
    private readonly string _rest;
    private readonly string? _asWritten;

    private PackedPem(string label, byte[] first, string rest, string? asWritten) => (_label, _first, _rest, _asWritten) = (label, first, rest, asWritten);

    /// <summary>DER of the first block; empty: the text does not begin with a block of the label.</summary>
    public ReadOnlyMemory<byte> First => _first;

    public static PackedPem Of(string label, string text)
    {
        if (!PemEncoding.TryFind(text, out var fields) || !text.AsSpan()[fields.Label].SequenceEqual(label))
            return new PackedPem(label, [], "", text);
        var first = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64Chars(text.AsSpan()[fields.Base64Data], first, out _))
            return new PackedPem(label, [], "", text);
        var end = fields.Location.End;
        return IsCanonical(label, first, text.AsSpan(0, end.Value)) ? new PackedPem(label, first, Share(text[end..]), null) : new PackedPem(label, first, "", text);
    }

    /// <summary>The text.</summary>
    public string Unpack() => _asWritten ?? PemEncoding.WriteString(_label, _first) + _rest;

    private static bool IsCanonical(string label, byte[] content, ReadOnlySpan<char> text)
    {
        var written = ArrayPool<char>.Shared.Rent(PemEncoding.GetEncodedSize(label.Length, content.Length));
        try
        {
            return PemEncoding.TryWrite(label, content, written, out var length) && text.SequenceEqual(written.AsSpan(0, length));
        }
        finally
        {
            // It may have been a private key.
            ArrayPool<char>.Shared.Return(written, clearArray: true);
        }
    }

    private static string Share(string end)
    {
        // Few authorities issue what a data plane shows; should there be very many, sharing begins anew.
        if (SharedEnds.Count >= MaxShared)
            SharedEnds.Clear();
        return SharedEnds.GetOrAdd(end, end);
    }
}
