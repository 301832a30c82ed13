using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.KeyPairs;

/// <summary>A private key with its certificates in one file (PKCS#12, RFC 7292; also called PFX), as it is uploaded.</summary>
/// <param name="CertificatesPem">Its certificates as PEM, in the order of the file.</param>
/// <param name="PrivateKeyPem">Its private key as PEM of PKCS#8, not encrypted.</param>
public sealed record Pkcs12File(string CertificatesPem, string PrivateKeyPem)
{
    /// <summary>Most characters of its base64 text: a key with 16 certificates fits.</summary>
    public const int MaxLength = 128 * 1024;

    private const string Advice = "Write it anew, for example with `openssl pkcs12 -export -inkey key.pem -in chain.pem -out new.pfx`";

    // What a file asks to be computed is bounded before it is computed.
    private static readonly Pkcs12LoaderLimits Limits = new()
    {
        MacIterationLimit = EncryptedPrivateKey.MaxIterations,
        IndividualKdfIterationLimit = EncryptedPrivateKey.MaxIterations,
        TotalKdfIterationLimit = 3 * EncryptedPrivateKey.MaxIterations,
        MaxCertificates = UploadedChain.MaxCertificates,
        MaxKeys = 4,
        PreserveKeyName = false,
        PreserveStorageProvider = false,
    };

    /// <inheritdoc />
    public override string ToString() => nameof(Pkcs12File);

    /// <summary>Reads a file.</summary>
    /// <param name="pointer">Where it stands.</param>
    /// <param name="base64">The file in base64.</param>
    /// <param name="passphrase">Its passphrase; null: it has none.</param>
    public static (Pkcs12File? File, ValidationError? Error) Read(string pointer, string base64, string? passphrase)
    {
        ArgumentNullException.ThrowIfNull(base64);
        if (base64.Length > MaxLength)
            return Fail(ErrorCodes.TooLong, $"Must have at most {MaxLength} characters.");
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return Fail(ErrorCodes.InvalidFormat, "Must be a PKCS#12 file in base64, as `base64 -w0 file.pfx` writes it.");
        X509Certificate2Collection? certificates = null;
        try
        {
            certificates = X509CertificateLoader.LoadPkcs12Collection(bytes.AsSpan(0, length), passphrase, Storage, Limits);
            return Take(certificates);
        }
        catch (Pkcs12LoadLimitExceededException)
        {
            return Fail(ErrorCodes.OutOfRange, $"The file has more than {UploadedChain.MaxCertificates} certificates, several private keys, or more than {EncryptedPrivateKey.MaxIterations} rounds of its passphrase. {Advice}.");
        }
        catch (CryptographicException)
        {
            return Fail(ErrorCodes.InvalidFormat, $"The file cannot be opened: the passphrase is another one, or it is no PKCS#12 file, or it is encrypted in an old way (RC2). {Advice}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            foreach (var certificate in certificates ?? [])
                certificate.Dispose();
        }

        (Pkcs12File?, ValidationError?) Fail(string code, string message) => (null, new ValidationError(pointer, code, message));

        (Pkcs12File?, ValidationError?) Take(X509Certificate2Collection all)
        {
            var keys = all.Where(certificate => certificate.HasPrivateKey).Select(KeyOf).ToList();
            return keys switch
            {
                [] => Fail(ErrorCodes.InvalidFormat, $"The file holds no private key that belongs to one of its certificates. {Advice}."),
                [null] => Fail(ErrorCodes.InvalidFormat, "The file's private key is neither RSA nor ECDSA."),
                [{ } key] => (new Pkcs12File(string.Concat(all.Select(certificate => certificate.ExportCertificatePem() + "\n")), key), null),
                _ => Fail(ErrorCodes.TooMany, $"The file holds {keys.Count} private keys: keep the one that is meant."),
            };
        }
    }

    // macOS keeps keys in keychains alone.
    private static X509KeyStorageFlags Storage => OperatingSystem.IsMacOS()
        ? X509KeyStorageFlags.Exportable
        : X509KeyStorageFlags.Exportable | X509KeyStorageFlags.EphemeralKeySet;

    private static string? KeyOf(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPrivateKey();
        using var ec = rsa is null ? certificate.GetECDsaPrivateKey() : null;
        return rsa?.ExportPkcs8PrivateKeyPem() ?? ec?.ExportPkcs8PrivateKeyPem();
    }
}
