using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gatehouse.Acme;

/// <summary>What ties an ACME account to a customer account that the authority already has (RFC 8555 section 7.3.4).</summary>
public sealed class ExternalAccountBinding
{
    private readonly byte[] _hmacKey;

    /// <summary>A binding.</summary>
    /// <param name="keyId">Key identifier that the authority gave out.</param>
    /// <param name="hmacKey">The key of HMAC-SHA-256 that it gave out with it, decoded.</param>
    public ExternalAccountBinding(string keyId, byte[] hmacKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        ArgumentNullException.ThrowIfNull(hmacKey);
        ArgumentOutOfRangeException.ThrowIfZero(hmacKey.Length, nameof(hmacKey));
        (KeyId, _hmacKey) = (keyId, hmacKey);
    }

    /// <summary>Key identifier.</summary>
    public string KeyId { get; }

    /// <summary>Reads a binding as authorities write it.</summary>
    /// <param name="keyId">Key identifier.</param>
    /// <param name="hmacKey">The key in base64url, with or without padding.</param>
    /// <exception cref="FormatException">It is no base64url.</exception>
    public static ExternalAccountBinding FromBase64Url(string keyId, string hmacKey) => new(keyId, Base64Url.DecodeFromChars(hmacKey));

    internal byte[] Sign(ReadOnlySpan<byte> data) => HMACSHA256.HashData(_hmacKey, data);
}
