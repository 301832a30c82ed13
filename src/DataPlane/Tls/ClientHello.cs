using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Text;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Tls;

/// <summary>How far a ClientHello could be read.</summary>
internal enum HelloState
{
    /// <summary>It goes on.</summary>
    Incomplete,

    /// <summary>It is here.</summary>
    Complete,

    /// <summary>What came is none, or holds what no client means.</summary>
    Malformed,

    /// <summary>It announces more than is taken.</summary>
    TooLarge,
}

/// <summary>
/// Reads server name, protocols, ciphers and groups from the first bytes of a connection, before anybody else has seen them (RFC 8446 §4.1.2, RFC 6066
/// §3, RFC 7301 §3.1). A hello may be cut over several records; it is untrusted and bounded.
/// </summary>
internal static class ClientHello
{
    /// <summary>Largest message in bytes. Hellos with post-quantum key shares take some 2 kB.</summary>
    public const int MaxSize = 16 * 1024;

    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const int MaxRecord = 16 * 1024;
    private const byte Handshake = 22;
    private const byte Hello = 1;
    private const int ServerNameExtension = 0;
    private const int ProtocolsExtension = 16;
    private const int VersionsExtension = 43;
    private const int GroupsExtension = 10;
    private const int SharesExtension = 51;
    private const int Tls13 = 0x0304;

    /// <summary>Reads what there is of a hello.</summary>
    /// <param name="data">All that has come so far.</param>
    /// <param name="hello">What it says.</param>
    public static HelloState Read(ReadOnlySpan<byte> data, out HelloContent hello)
    {
        hello = HelloContent.None;
        var state = Measure(data, out var size);
        if (state != HelloState.Complete)
            return state;
        var rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            Join(data, rented.AsSpan(0, size));
            return TryRead(rented.AsSpan(MessageHeader, size - MessageHeader), ref hello) ? HelloState.Complete : HelloState.Malformed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // Copies nothing, so that a hello that drips in byte by byte costs little.
    private static HelloState Measure(ReadOnlySpan<byte> data, out int size)
    {
        Span<byte> header = stackalloc byte[MessageHeader];
        var have = 0;
        size = 0;
        while (true)
        {
            if (data.Length > 0 && data[0] != Handshake)
                return HelloState.Malformed;
            if (data.Length < RecordHeader)
                return HelloState.Incomplete;
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
            if (data[1] != 3 || length is 0 or > MaxRecord)
                return HelloState.Malformed;
            var part = data.Slice(RecordHeader, Math.Min(length, data.Length - RecordHeader));
            if (have < MessageHeader)
                part[..Math.Min(MessageHeader - have, part.Length)].CopyTo(header[have..]);
            have += part.Length;
            if (have > 0 && header[0] != Hello)
                return HelloState.Malformed;
            if (have >= MessageHeader)
            {
                size = MessageHeader + ((header[1] << 16) | (header[2] << 8) | header[3]);
                if (size > MaxSize)
                    return HelloState.TooLarge;
                if (have >= size)
                    return HelloState.Complete;
            }
            if (part.Length < length)
                return HelloState.Incomplete;
            data = data[(RecordHeader + length)..];
        }
    }

    private static void Join(ReadOnlySpan<byte> data, Span<byte> message)
    {
        while (!message.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
            var taken = Math.Min(length, message.Length);
            data.Slice(RecordHeader, taken).CopyTo(message);
            message = message[taken..];
            data = data[Math.Min(data.Length, RecordHeader + length)..];
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> body, ref HelloContent hello)
    {
        var reader = new HelloReader(body);
        // Version and random; session, cipher suites, compression methods.
        if (!reader.TrySkip(2 + 32) || !reader.TryTake8(out _) || !reader.TryTake16(out var ciphers) || !reader.TryTake8(out _))
            return false;
        var offered = OfferedCipherReader.Read(ciphers);
        hello = hello with { Ciphers = offered & ~OfferedCiphers.Tls13 };
        if (reader.IsEmpty)
            return true;
        if (!reader.TryTake16(out var extensions) || !reader.IsEmpty)
            return false;
        var rest = new HelloReader(extensions);
        var (named, listed, finite) = (false, false, false);
        while (!rest.IsEmpty)
        {
            if (!rest.TryRead16(out var type) || !rest.TryTake16(out var content))
                return false;
            // "There MUST NOT be more than one extension of the same type" (RFC 8446 §4.2).
            if (type == ServerNameExtension)
            {
                if (named || !TryHostName(content, out var name))
                    return false;
                (named, hello) = (true, hello with { ServerName = name });
            }
            else if (type == ProtocolsExtension)
            {
                if (listed || !TryProtocols(content, out var protocols))
                    return false;
                (listed, hello) = (true, hello with { Protocols = protocols });
            }
            else if (type == VersionsExtension && SpeaksTls13(content))
            {
                hello = hello with { Ciphers = offered };
            }
            else if (type is GroupsExtension or SharesExtension)
            {
                finite |= type == GroupsExtension ? OfferedGroups.LackCurves(content) : OfferedGroups.BeginFinite(content);
            }
        }
        if (finite)
            hello = hello with { Ciphers = OfferedCiphers.None };
        return true;
    }

    // One name of type host_name and nothing else is what all clients send; two would be read differently by us and by a backend.
    private static bool TryHostName(ReadOnlySpan<byte> extension, out string? name)
    {
        name = null;
        var reader = new HelloReader(extension);
        if (!reader.TryTake16(out var list) || !reader.IsEmpty)
            return false;
        var names = new HelloReader(list);
        if (!names.TryRead8(out var type) || type != 0 || !names.TryTake16(out var bytes) || !names.IsEmpty)
            return false;
        if (bytes.Length is 0 or > 255 || bytes.ContainsAnyExceptInRange((byte)'!', (byte)'~') || bytes.ContainsAny((byte)':', (byte)'[', (byte)']'))
            return false;
        if (!RequestHost.TryNormalize(Encoding.ASCII.GetString(bytes), out var host))
            return false;
        name = host.ToString();
        return true;
    }

    // RFC 8446 §4.2.1; what is wrong with the list is for the handshake to say.
    private static bool SpeaksTls13(ReadOnlySpan<byte> extension)
    {
        var reader = new HelloReader(extension);
        if (!reader.TryTake8(out var list))
            return false;
        for (; list.Length >= 2; list = list[2..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(list) == Tls13)
                return true;
        }
        return false;
    }

    private static bool TryProtocols(ReadOnlySpan<byte> extension, out IReadOnlyList<SslApplicationProtocol> protocols)
    {
        protocols = [];
        var reader = new HelloReader(extension);
        if (!reader.TryTake16(out var list) || !reader.IsEmpty || list.IsEmpty)
            return false;
        var found = new List<SslApplicationProtocol>(2);
        var names = new HelloReader(list);
        while (!names.IsEmpty)
        {
            if (!names.TryTake8(out var name) || name.IsEmpty)
                return false;
            if (found.Count < HelloContent.MaxProtocols)
                found.Add(HelloContent.ProtocolOf(name));
        }
        protocols = found;
        return true;
    }

    private ref struct HelloReader(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> _rest = data;

        public readonly bool IsEmpty => _rest.IsEmpty;

        public bool TrySkip(int count) => TryTake(count, out _);

        public bool TryRead8(out int value)
        {
            var there = TryTake(1, out var bytes);
            value = there ? bytes[0] : 0;
            return there;
        }

        public bool TryRead16(out int value)
        {
            var there = TryTake(2, out var bytes);
            value = there ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : 0;
            return there;
        }

        /// <summary>Takes bytes after their length in one byte.</summary>
        public bool TryTake8(out ReadOnlySpan<byte> bytes)
        {
            bytes = default;
            return TryRead8(out var length) && TryTake(length, out bytes);
        }

        /// <summary>Takes bytes after their length in two bytes.</summary>
        public bool TryTake16(out ReadOnlySpan<byte> bytes)
        {
            bytes = default;
            return TryRead16(out var length) && TryTake(length, out bytes);
        }

        private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
        {
            bytes = default;
            if (count > _rest.Length)
                return false;
            bytes = _rest[..count];
            _rest = _rest[count..];
            return true;
        }
    }
}
