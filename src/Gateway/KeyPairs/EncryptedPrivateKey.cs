using System.Formats.Asn1;
using System.Security.Cryptography;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.KeyPairs;

/// <summary>A private key that is encrypted with a passphrase (PKCS#8, RFC 5958 section 3), as it is uploaded.</summary>
public static class EncryptedPrivateKey
{
    /// <summary>Most bytes of a passphrase.</summary>
    public const int MaxPassphrase = 1024;

    /// <summary>Most rounds that are computed to make a key of a passphrase: who uploads decides how many there are.</summary>
    public const int MaxIterations = 600_000;

    /// <summary>PEM label.</summary>
    public const string Label = "ENCRYPTED PRIVATE KEY";

    private const string Advice = "Write it anew, for example with `openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem -out new.pem`.";

    // RFC 8018 appendix A.4 and A.2.
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";

    /// <summary>Whether a text has such a key.</summary>
    /// <param name="pem">PEM.</param>
    public static bool IsIn(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        return pem.Contains($"-----BEGIN {Label}-----", StringComparison.Ordinal);
    }

    /// <summary>Decrypts a key.</summary>
    /// <param name="pointer">Where it stands.</param>
    /// <param name="pem">PEM with the one block.</param>
    /// <param name="passphrasePointer">Where the passphrase stands.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <returns>The key as PEM of PKCS#8, not encrypted, or why there is none.</returns>
    public static (string? Pem, ValidationError? Error) Decrypt(string pointer, string pem, string passphrasePointer, string passphrase)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Length > PrivateKey.MaxLength)
            return (null, new ValidationError(pointer, ErrorCodes.TooLong, $"Must have at most {PrivateKey.MaxLength} characters."));
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] is not Label || PemEncoding.TryFind(pem.AsSpan(fields.Location.End.Value), out _))
            return (null, new ValidationError(pointer, ErrorCodes.InvalidFormat, $"Write one PEM block '{Label}' and nothing else."));
        var encrypted = Convert.FromBase64String(pem[fields.Base64Data]);
        if (IterationsOf(encrypted) is not { } iterations)
            return (null, new ValidationError(pointer, ErrorCodes.InvalidFormat, $"The private key is damaged, or encrypted in a way that is not taken. {Advice}"));
        if (iterations is <= 0 or > MaxIterations)
            return (null, new ValidationError(pointer, ErrorCodes.OutOfRange, $"The private key is encrypted with more than {MaxIterations} rounds of its passphrase. {Advice}"));
        return Import(RSA.Create(), encrypted, passphrase) is { } key || (key = Import(ECDsa.Create(), encrypted, passphrase)) is not null
            ? (key, null)
            : (null, new ValidationError(
                passphrasePointer, ErrorCodes.Conflict, "The private key cannot be decrypted: the passphrase is another one, or the key is neither RSA nor ECDSA."));
    }

    private static string? Import(AsymmetricAlgorithm algorithm, byte[] encrypted, string passphrase)
    {
        using var key = algorithm;
        try
        {
            key.ImportEncryptedPkcs8PrivateKey(passphrase, encrypted, out _);
            return key.ExportPkcs8PrivateKeyPem();
        }
        catch (Exception failure) when (failure is CryptographicException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Rounds of an EncryptedPrivateKeyInfo with PBES2 and PBKDF2, or with an older scheme that has rounds; null: it is none of these.</summary>
    private static int? IterationsOf(byte[] encrypted)
    {
        try
        {
            var scheme = new AsnReader(encrypted, AsnEncodingRules.BER).ReadSequence().ReadSequence();
            var oid = scheme.ReadObjectIdentifier();
            var parameters = scheme.ReadSequence();
            if (oid == Pbes2)
            {
                var derivation = parameters.ReadSequence();
                if (derivation.ReadObjectIdentifier() != Pbkdf2)
                    return null;
                parameters = derivation.ReadSequence();
            }
            parameters.ReadOctetString();
            return parameters.TryReadInt32(out var iterations) ? iterations : int.MaxValue;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
