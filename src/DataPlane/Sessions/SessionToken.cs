using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.DataPlane.Sessions;

/// <summary>
/// What a client keeps of its session: when it began, and which endpoint of which backend it is with, as a digest. It needs no secret and
/// no store, so every replica understands it, also after a restart: it names an endpoint only to a rule that has it, so that the worst that
/// a forged one could do is to choose among what the rule serves anyway; and whoever does not know the endpoint's address, which no client
/// is told, cannot write another beginning into it.
/// </summary>
/// <param name="Began">Milliseconds since 1970.</param>
/// <param name="Endpoint">Digest of backend and endpoint.</param>
/// <param name="Seal">Binds both to the rule and to the endpoint's address.</param>
internal readonly record struct SessionToken(long Began, ulong Endpoint, UInt128 Seal)
{
    /// <summary>Characters of a token.</summary>
    public const int Length = (Size * 4 + 2) / 3;

    private const int Size = 32;

    public static SessionToken Create(ReadOnlySpan<byte> rule, string backend, string endpoint, ulong digest, long began) =>
        new(began, digest, SealOf(rule, backend, endpoint, began));

    /// <summary>Digest of an endpoint of a backend.</summary>
    public static ulong DigestOf(string backend, string endpoint) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{backend}\n{endpoint}")));

    public static bool TryParse(ReadOnlySpan<char> text, out SessionToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != Length || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != Size)
            return false;
        token = new SessionToken(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));
        return true;
    }

    /// <summary>Whether it was made for a rule and an endpoint.</summary>
    public bool IsOf(ReadOnlySpan<byte> rule, string backend, string endpoint) => SealOf(rule, backend, endpoint, Began) == Seal;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Began);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Endpoint);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Seal);
        return Base64Url.EncodeToString(bytes);
    }

    private static UInt128 SealOf(ReadOnlySpan<byte> rule, string backend, string endpoint, long began) =>
        BinaryPrimitives.ReadUInt128BigEndian(HMACSHA256.HashData(rule, Encoding.UTF8.GetBytes($"{began}\n{backend}\n{endpoint}")));
}
