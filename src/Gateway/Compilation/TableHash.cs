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

    /// <summary>Name of the table of certificates.</summary>
    public const string Certificates = "certificate";

    /// <summary>Name of the table of challenges.</summary>
    public const string Challenges = "challenge";

    private const int UsualSize = 4_096;

    // Every change hashes its entries twice (as they were, as they are): one buffer for each thread serves them all.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    /// <summary>Canonical JSON of an entry.</summary>
    public static byte[] Payload(object entry) => JsonSerializer.SerializeToUtf8Bytes(entry, entry.GetType(), MatchTableJson.Options);

    /// <summary>Hash of one entry.</summary>
    public static UInt128 Of(string table, string key, ReadOnlySpan<byte> payload)
    {
        var text = Begin(table, key);
        text.Write(payload);
        return Digest(text.WrittenSpan);
    }

    /// <summary>Hash of one entry, whose payload is not kept.</summary>
    internal static UInt128 OfEntry<T>(string table, string key, T entry)
        where T : class
    {
        var text = Begin(table, key);
        using (var writer = new Utf8JsonWriter(text))
            JsonSerializer.Serialize(writer, entry, MatchTableJson.Options);
        return Digest(text.WrittenSpan);
    }

    /// <summary>A hash as 32 hexadecimal digits.</summary>
    public static string Format(UInt128 hash) => hash.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    private static ArrayBufferWriter<byte> Begin(string table, string key)
    {
        var text = buffer ??= new ArrayBufferWriter<byte>(UsualSize);
        text.ResetWrittenCount();
        Encoding.UTF8.GetBytes(table, text);
        text.Write("\0"u8);
        Encoding.UTF8.GetBytes(key, text);
        text.Write("\0"u8);
        return text;
    }

    private static UInt128 Digest(ReadOnlySpan<byte> text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
