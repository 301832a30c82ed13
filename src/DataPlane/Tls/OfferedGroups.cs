using System.Buffers.Binary;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// Whether a client of TLS 1.3 would have keys agreed on over a finite field (RFC 7919). The largest of those costs a server a hundred times
/// what curves cost, and costs a client nothing that only pretends to; no client needs them, and the runtime cannot be told to leave them
/// out. So such clients are refused by their hello.
/// </summary>
internal static class OfferedGroups
{
    /// <summary>Whether the runtime, asked for another key, would ask for one of a finite field: there is no curve that it knows.</summary>
    /// <param name="extension">Content of supported_groups (RFC 8446 §4.2.7).</param>
    public static bool LackCurves(ReadOnlySpan<byte> extension)
    {
        var finite = false;
        for (var list = extension[Math.Min(2, extension.Length)..]; list.Length >= 2; list = list[2..])
        {
            var group = BinaryPrimitives.ReadUInt16BigEndian(list);
            if (IsCurve(group))
                return false;
            finite |= IsFinite(group);
        }
        return finite;
    }

    /// <summary>Whether the first key that the runtime knows what to do with is of a finite field: it takes that one.</summary>
    /// <param name="extension">Content of key_share (RFC 8446 §4.2.8).</param>
    public static bool BeginFinite(ReadOnlySpan<byte> extension)
    {
        var list = extension[Math.Min(2, extension.Length)..];
        while (list.Length >= 4)
        {
            var group = BinaryPrimitives.ReadUInt16BigEndian(list);
            if (IsCurve(group) || IsFinite(group))
                return IsFinite(group);
            list = list[Math.Min(list.Length, 4 + BinaryPrimitives.ReadUInt16BigEndian(list[2..]))..];
        }
        return false;
    }

    // P-256, P-384, P-521, X25519 and X448: https://www.iana.org/assignments/tls-parameters/
    private static bool IsCurve(int group) => group is 0x17 or 0x18 or 0x19 or 0x1D or 0x1E;

    private static bool IsFinite(int group) => group is >= 0x0100 and <= 0x01FF;
}
