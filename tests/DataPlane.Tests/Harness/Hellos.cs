using System.Buffers.Binary;
using System.Text;

namespace Gatehouse.DataPlane.Tests.Harness;

/// <summary>Writes ClientHellos byte by byte, good ones and others.</summary>
internal static class Hellos
{
    public static byte[] Of(string serverName) => Record(Message(ServerName(Encoding.Latin1.GetBytes(serverName))));

    /// <summary>A handshake message with extensions.</summary>
    public static byte[] Message(params byte[][] extensions)
    {
        byte[] body = [3, 3, .. new byte[32], 0, .. With16([0x13, 0x01]), 1, 0, .. With16([.. extensions.SelectMany(extension => extension)])];
        return [1, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    public static byte[] ServerName(params byte[][] names) =>
        [0, 0, .. With16(With16([.. names.SelectMany(name => (byte[])[0, .. With16(name)])]))];

    /// <summary>ALPN (RFC 7301 §3.1).</summary>
    public static byte[] Protocols(params string[] names) =>
        [0, 16, .. With16(With16([.. names.SelectMany(name => (byte[])[(byte)name.Length, .. Encoding.Latin1.GetBytes(name)])]))];

    /// <summary>supported_versions (RFC 8446 §4.2.1).</summary>
    public static byte[] Tls13 { get; } = [0, 43, 0, 5, 4, 3, 3, 3, 4];

    /// <summary>supported_groups (RFC 8446 §4.2.7).</summary>
    public static byte[] Groups(params int[] groups) => [0, 10, .. With16(With16([.. groups.SelectMany(group => (byte[])[(byte)(group >> 8), (byte)group])]))];

    /// <summary>key_share (RFC 8446 §4.2.8) with one key for each group.</summary>
    public static byte[] Shares(params int[] groups) => [0, 51, .. With16(With16([.. groups.SelectMany(group => (byte[])[(byte)(group >> 8), (byte)group, .. With16(new byte[32])])]))];

    public static byte[] Padding(int length) => [0, 21, .. With16(new byte[length])];

    public static byte[] Record(ReadOnlySpan<byte> content) => [22, 3, 1, .. With16(content.ToArray())];

    /// <summary>A message cut over records.</summary>
    public static byte[] Records(byte[] message, int size) => [.. message.Chunk(size).SelectMany(part => Record(part))];

    private static byte[] With16(byte[] content)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)content.Length);
        return [.. length, .. content];
    }
}
