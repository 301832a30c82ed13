using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Gatehouse.Dns.Messages;

namespace Gatehouse.Dns.Updates;

/// <summary>A key that signs transactions (<see href="https://www.rfc-editor.org/rfc/rfc8945">RFC 8945</see>). Prints without its secret.</summary>
[DebuggerDisplay("{Name}:{Algorithm}:***")]
public sealed class TsigKey
{
    // 128 bits: what is shorter can be guessed.
    private const int MinSecretLength = 16;
    private const int MaxSecretLength = 1024;

    private readonly byte[] _secret;

    private TsigKey(string name, string algorithm, byte[] secret)
    {
        Name = name;
        Algorithm = algorithm;
        _secret = secret;
    }

    /// <summary>Name by which the server knows it, canonical.</summary>
    public string Name { get; }

    /// <summary><c>hmac-sha256</c> or <c>hmac-sha512</c>.</summary>
    public string Algorithm { get; }

    /// <summary>Reads <c>name:hmac-sha256:base64</c>.</summary>
    /// <exception cref="FormatException">It is none; the message does not repeat it.</exception>
    public static TsigKey Parse(string text) =>
        TryParse(text, out var key) ? key : throw new FormatException("A TSIG key is NAME:ALGORITHM:SECRET with the algorithm hmac-sha256 or hmac-sha512 and a secret of at least 16 bytes in Base64.");

    /// <summary>Reads <c>name:hmac-sha256:base64</c>; false: it is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TsigKey? key)
    {
        key = null;
        if (text?.Split(':') is not [var name, var algorithm, var secret] || name.Length == 0 || NameText.Canonical(name) is not { } canonical)
            return false;
        var isKnown = algorithm.ToLowerInvariant() is "hmac-sha256" or "hmac-sha512";
        var bytes = new byte[MaxSecretLength];
        if (!isKnown || !Convert.TryFromBase64String(secret, bytes, out var length) || length < MinSecretLength)
            return false;
        key = new TsigKey(canonical, algorithm.ToLowerInvariant(), bytes[..length]);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Name}:{Algorithm}:***";

    internal byte[] Sign(ReadOnlySpan<byte> data) => Algorithm == "hmac-sha512" ? HMACSHA512.HashData(_secret, data) : HMACSHA256.HashData(_secret, data);
}
