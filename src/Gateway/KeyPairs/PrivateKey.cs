using System.Security.Cryptography;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.KeyPairs;

/// <summary>A private key as it is uploaded, once it is decrypted: one PEM block of PKCS#8, PKCS#1 or SEC1. Disposing overwrites it.</summary>
public sealed class PrivateKey : IDisposable
{
    /// <summary>Most characters of its text: RSA of 16,384 bits fits.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Advice = "Write one PEM block 'PRIVATE KEY', 'RSA PRIVATE KEY' or 'EC PRIVATE KEY'";

    private static readonly byte[] Sample = "gatehouse"u8.ToArray();

    private readonly byte[] _pkcs8;

    private PrivateKey(byte[] pkcs8, byte[] publicKey) => (_pkcs8, PublicKey) = (pkcs8, publicKey);

    /// <summary>PKCS#8.</summary>
    public ReadOnlyMemory<byte> Pkcs8 => _pkcs8;

    /// <summary>SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Reads a key; of one that cannot be used it says why, without a character of it.</summary>
    /// <param name="pointer">Where it stands.</param>
    /// <param name="pem">PEM.</param>
    public static (PrivateKey? Key, ValidationError? Error) Read(string pointer, string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (pem.Length > MaxLength)
            return Fail(ErrorCodes.TooLong, $"Must have at most {MaxLength} characters.");
        if (EncryptedPrivateKey.IsIn(pem))
            return Fail(ErrorCodes.NotAllowed, "The private key is encrypted with a passphrase: write the passphrase too, or decrypt the key, for example with `openssl pkey -in key.pem`.");
        // Old-style encryption stands in headers, which no PEM parser of today takes.
        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal))
            return Fail(ErrorCodes.NotAllowed, "The private key is encrypted with a passphrase in the old way (Proc-Type), which is weak: write it anew, for example with `openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem -out new.pem`.");
        var blocks = BlocksOf(pem);
        if (blocks.Find(block => block.Label is not ("PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY")) is { Label: not null } other)
            return Fail(ErrorCodes.InvalidFormat, other.Label is "CERTIFICATE" ? $"It holds a certificate: that belongs into spec.certificate. {Advice}." : $"It holds something else than a private key. {Advice}.");
        return blocks.Count switch
        {
            0 => Fail(ErrorCodes.InvalidFormat, $"It holds no private key. {Advice}."),
            1 => Import(blocks[0].Label, pem[blocks[0].Location]),
            var count => Fail(ErrorCodes.TooMany, $"It holds {count} private keys: keep the one that belongs to the first certificate."),
        };

        (PrivateKey?, ValidationError?) Fail(string code, string message) => (null, new ValidationError(pointer, code, message));

        (PrivateKey?, ValidationError?) Import(string label, string block)
        {
            var key = (label is "EC PRIVATE KEY" ? null : ImportRsa(block)) ?? (label is "RSA PRIVATE KEY" ? null : ImportEc(block));
            return key is not null
                ? (key, null)
                : Fail(ErrorCodes.InvalidFormat, "The private key cannot be read: it is damaged, or neither RSA nor ECDSA on P-256, P-384 or P-521.");
        }
    }

    /// <inheritdoc />
    public void Dispose() => CryptographicOperations.ZeroMemory(_pkcs8);

    /// <summary>The blocks of a text; parameters of a curve, which OpenSSL writes before the key, say nothing that the key does not.</summary>
    private static List<(string Label, Range Location)> BlocksOf(string pem)
    {
        var blocks = new List<(string, Range)>();
        var start = 0;
        while (PemEncoding.TryFind(pem.AsSpan(start), out var fields))
        {
            var label = pem.AsSpan(start)[fields.Label].ToString();
            if (label is not "EC PARAMETERS")
                blocks.Add((label, (start + fields.Location.Start.Value)..(start + fields.Location.End.Value)));
            start += fields.Location.End.Value;
        }
        return blocks;
    }

    private static PrivateKey? ImportRsa(string block)
    {
        using var rsa = RSA.Create();
        return Imported(
            () => rsa.ImportFromPem(block),
            () => rsa.VerifyData(Sample, rsa.SignData(Sample, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            rsa);
    }

    private static PrivateKey? ImportEc(string block)
    {
        using var ec = ECDsa.Create();
        return Imported(
            () => ec.ImportFromPem(block),
            () => NistCurves.Have(ec) && ec.VerifyData(Sample, ec.SignData(Sample, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256),
            ec);
    }

    // That it signs what its public part verifies tells a damaged key from a sound one.
    private static PrivateKey? Imported(Action import, Func<bool> works, AsymmetricAlgorithm key)
    {
        try
        {
            import();
            return works() ? new PrivateKey(key.ExportPkcs8PrivateKey(), key.ExportSubjectPublicKeyInfo()) : null;
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
