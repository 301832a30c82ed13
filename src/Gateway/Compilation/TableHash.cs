using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Compilation;

/// <summary>
/// Hash of match table entries: the first 16 bytes of SHA-256 over <c>table NUL key NUL payload</c>, read as a big-endian
/// number. A pool's hash is the sum over its entries modulo 2^128, so the order of changes does not matter.
/// </summary>
public static class TableHash
{
    /// <summary>Name of the table of listeners.</summary>
    public const string Listeners = "listener";

    /// <summary>Name of the table of hosts.</summary>
    public const string Hosts = "host";

    /// <summary>Name of the table of backends.</summary>
    public const string Backends = "backend";

    /// <summary>Canonical JSON of an entry.</summary>
    public static byte[] Payload(object entry) => JsonSerializer.SerializeToUtf8Bytes(entry, entry.GetType(), MatchTableJson.Options);

    /// <summary>Hash of one entry.</summary>
    public static UInt128 Of(string table, string key, ReadOnlySpan<byte> payload)
    {
        var head = Encoding.UTF8.GetMaxByteCount(table.Length + key.Length + 2);
        var text = ArrayPool<byte>.Shared.Rent(head + payload.Length);
        var length = Encoding.UTF8.GetBytes(table, text);
        text[length++] = 0;
        length += Encoding.UTF8.GetBytes(key, text.AsSpan(length));
        text[length++] = 0;
        payload.CopyTo(text.AsSpan(length));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text.AsSpan(0, length + payload.Length), digest);
        ArrayPool<byte>.Shared.Return(text);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    /// <summary>A hash as 32 hexadecimal digits.</summary>
    public static string Format(UInt128 hash) => hash.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
