using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Sync.Observing;

/// <summary>Tells private keys apart by their public half, so that nothing of them is kept.</summary>
internal static class KeyFingerprints
{
    private const int MaxLength = 64 * 1024;

    /// <summary>SHA-256 of the public key, lower-case hexadecimal; null: the text holds no key that can be read.</summary>
    /// <param name="encoded">Base64 of PEM, as Secrets hold it.</param>
    public static string? OfEncodedPem(string encoded)
    {
        if (encoded.Length > MaxLength)
            return null;
        var bytes = new byte[encoded.Length];
        var characters = Array.Empty<char>();
        try
        {
            if (!Convert.TryFromBase64String(encoded, bytes, out var length))
                return null;
            characters = Encoding.UTF8.GetChars(bytes, 0, length);
            return Of<RSA>(RSA.Create, characters) ?? Of<ECDsa>(ECDsa.Create, characters);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            Array.Clear(characters);
        }
    }

    private static string? Of<T>(Func<T> create, ReadOnlySpan<char> pem)
        where T : AsymmetricAlgorithm
    {
        using var key = create();
        try
        {
            key.ImportFromPem(pem);
            return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
