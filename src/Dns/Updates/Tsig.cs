using System.Buffers.Binary;
using System.Security.Cryptography;
using Gatehouse.Dns.Messages;

namespace Gatehouse.Dns.Updates;

/// <summary>How the signature of an answer stands.</summary>
internal enum TsigState
{
    /// <summary>The answer is the server's.</summary>
    Valid,

    /// <summary>There is no signature, or not ours.</summary>
    Missing,

    /// <summary>The signature is wrong.</summary>
    Wrong,

    /// <summary>The signature is right, its time is not.</summary>
    OutOfTime,
}

/// <summary>What a server's TSIG record says.</summary>
/// <param name="State">How its signature stands.</param>
/// <param name="Error">The error in it; 0: none.</param>
/// <param name="ServerTime">Seconds since 1970 by the server's clock, where it says that ours is wrong.</param>
internal sealed record TsigReading(TsigState State, int Error, long? ServerTime);

/// <summary>Signs a request and checks the answer to it (<see href="https://www.rfc-editor.org/rfc/rfc8945#section-4.3">RFC 8945 4.3</see>).</summary>
internal sealed class Tsig(TsigKey key, TimeProvider time)
{
    private const int Fudge = 300;

    private byte[] _requestMac = [];

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The message with a signature at its end.</summary>
    public byte[] Sign(byte[] message)
    {
        var now = Now;
        _requestMac = key.Sign([.. message, .. Variables(now, Fudge, 0, [])]);
        var signed = new WireWriter().Bytes(message).Record(key.Name, DnsRecordType.TSIG, DnsMessage.AnyClass, 0, data => data
            .Name(key.Algorithm).UInt48(now).UInt16(Fudge).UInt16(_requestMac.Length).Bytes(_requestMac)
            .Bytes(message.AsSpan(0, 2)).UInt16(0).UInt16(0)).ToArray();
        AddToAdditionals(signed, 1);
        return signed;
    }

    /// <summary>Checks an answer to what was signed last.</summary>
    /// <exception cref="DnsFormatException">The signature cannot be read.</exception>
    public TsigReading Check(byte[] answer, DnsMessage message)
    {
        if (message.TsigOffset is not { } offset || message.Additionals[^1] is not { Data: OpaqueData data } record || record.Name != key.Name)
            return new TsigReading(TsigState.Missing, 0, null);
        var reader = new WireReader(data.Bytes.Span);
        var (algorithm, signedAt, fudge) = (reader.ReadName(), ((long)reader.ReadUInt16() << 32) | reader.ReadUInt32(), reader.ReadUInt16());
        var mac = reader.Read(reader.ReadUInt16());
        var (originalId, error) = (reader.ReadUInt16(), reader.ReadUInt16());
        var other = reader.Read(reader.ReadUInt16());
        long? serverTime = error == ResponseCodes.BadTime && other.Length == 6 ? ((long)BinaryPrimitives.ReadUInt16BigEndian(other) << 32) | BinaryPrimitives.ReadUInt32BigEndian(other[2..]) : null;
        if (algorithm != key.Algorithm)
            return new TsigReading(TsigState.Missing, error, null);

        var unsigned = answer[..offset];
        BinaryPrimitives.WriteUInt16BigEndian(unsigned, originalId);
        AddToAdditionals(unsigned, -1);
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)_requestMac.Length);
        var expected = key.Sign([.. length, .. _requestMac, .. unsigned, .. Variables(signedAt, fudge, error, other)]);

        // Shortened signatures (RFC 8945 5.2.2.1) were not asked for.
        if (!CryptographicOperations.FixedTimeEquals(expected, mac))
            return new TsigReading(mac.Length == 0 ? TsigState.Missing : TsigState.Wrong, error, serverTime);
        return new TsigReading(Math.Abs(Now - signedAt) > Fudge && error != ResponseCodes.BadTime ? TsigState.OutOfTime : TsigState.Valid, error, serverTime);
    }

    private byte[] Variables(long signedAt, int fudge, int error, ReadOnlySpan<byte> other) => new WireWriter()
        .Name(key.Name).UInt16(DnsMessage.AnyClass).UInt32(0).Name(key.Algorithm)
        .UInt48(signedAt).UInt16(fudge).UInt16(error).UInt16(other.Length).Bytes(other).ToArray();

    private static void AddToAdditionals(byte[] message, int change)
    {
        var count = message.AsSpan(10, 2);
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + change));
    }
}
