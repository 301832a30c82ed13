using System.Buffers;

namespace Gatehouse.DataPlane.Tls;

/// <summary>Lower-case hexadecimal text in a quarter of its space; other text as it is.</summary>
internal readonly struct PackedHex
{
    private readonly byte[]? _bytes;
    private readonly string? _text;

    public PackedHex(string text)
    {
        var bytes = new byte[text.Length / 2];
        var isHex = !text.AsSpan().ContainsAnyInRange('A', 'F') && Convert.FromHexString(text, bytes, out _, out var length) == OperationStatus.Done && length * 2 == text.Length;
        _bytes = isHex ? bytes : null;
        _text = isHex ? null : text;
    }

    /// <summary>The text.</summary>
    public string Unpack() => _text ?? Convert.ToHexStringLower(_bytes!);
}
