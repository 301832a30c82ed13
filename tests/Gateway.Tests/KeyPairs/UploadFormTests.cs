using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.KeyPairs;
using Gatehouse.Gateway.Validation;
using Gatehouse.Testing.Certificates;
using Xunit;

namespace Gatehouse.Gateway.Tests.KeyPairs;

/// <summary>Private keys under a passphrase.</summary>
public sealed class UploadFormTests
{
    private static readonly TestChain Chain = TestChain.Create("shop.example.com");

    public static TheoryData<PbeEncryptionAlgorithm, string, bool> Schemes => new()
    {
        { PbeEncryptionAlgorithm.Aes256Cbc, "SHA256", true },
        { PbeEncryptionAlgorithm.Aes128Cbc, "SHA512", false },
        { PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, "SHA1", true },
    };

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Key_UnderPassphrase_IsDecrypted(PbeEncryptionAlgorithm algorithm, string hash, bool rsa)
    {
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem("pässphrase", new PbeParameters(algorithm, new HashAlgorithmName(hash), 2048));

        var (decrypted, error) = EncryptedPrivateKey.Decrypt("/k", pem, "/p", "pässphrase");

        Assert.True(EncryptedPrivateKey.IsIn(pem));
        Assert.Null(error);
        using var read = PrivateKey.Read("", decrypted!).Key!;
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), read.PublicKey);
    }

    [Fact]
    public void Key_UnderAnotherPassphrase_SaysSoWithoutEither()
    {
        var (pem, error) = EncryptedPrivateKey.Decrypt("/k", Encrypted(2048), "/p", "wrong horse");

        Assert.Null(pem);
        Assert.Equal(("/p", ErrorCodes.Conflict), (error!.Pointer, error.Code));
        Assert.DoesNotContain("horse", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_WithTooManyRounds_IsRefusedBeforeOneIsComputed()
    {
        var pem = Encrypted(EncryptedPrivateKey.MaxIterations + 1);
        var watch = Stopwatch.StartNew();

        var (_, error) = EncryptedPrivateKey.Decrypt("/k", pem, "/p", "passphrase");

        Assert.Equal(ErrorCodes.OutOfRange, error!.Code);
        Assert.True(watch.ElapsedMilliseconds < 50, $"{watch.ElapsedMilliseconds} ms");
    }

    [Theory]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIAAAA==\n-----END ENCRYPTED PRIVATE KEY-----")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")]
    public void Key_ThatIsDamaged_IsRefused(string pem) =>
        Assert.Equal(("/k", ErrorCodes.InvalidFormat), Of(EncryptedPrivateKey.Decrypt("/k", pem, "/p", "passphrase").Error));

    [Fact]
    public void Key_BesideAnother_IsRefused() =>
        Assert.Equal(("/k", ErrorCodes.InvalidFormat), Of(EncryptedPrivateKey.Decrypt("/k", Encrypted(2048) + "\n" + Encrypted(2048), "/p", "passphrase").Error));

    [Theory]
    [InlineData("1.3.132.0.10")]
    [InlineData("1.3.36.3.3.2.8.1.1.7")]
    public void Key_OnCurveThatTlsDoesNotSpeak_IsRefused(string curve)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue(curve));
        using var certificate = new CertificateRequest("CN=curve.example.com", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        Assert.Equal(256, key.KeySize);
        Assert.Contains("P-256", PrivateKey.Read("", key.ExportPkcs8PrivateKeyPem()).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("P-256", UploadedChain.Read("", certificate.ExportCertificatePem()).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("passphrase")]
    [InlineData("")]
    [InlineData(null)]
    public void Pkcs12_WithItsPassphrase_GivesKeyAndCertificates(string? passphrase)
    {
        var file = Chain.Pkcs12(passphrase, string.Concat(Chain.Intermediates));

        var (read, error) = Pkcs12File.Read("/f", file.Insert(76, "\r\n"), passphrase);

        Assert.Null(error);
        Assert.Equal(Chain.Leaf.PrivateKey.Trim(), read!.PrivateKeyPem.Trim());
        Assert.Equal(Chain.Leaf.Certificate + string.Concat(Chain.Intermediates), ChainLinks.Arrange(read.CertificatesPem, Chain.Key.ExportSubjectPublicKeyInfo()));
        Assert.DoesNotContain("PRIVATE", read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pkcs12_UnderAnotherPassphrase_SaysSoWithoutEither()
    {
        var (_, error) = Pkcs12File.Read("/f", Chain.Pkcs12("passphrase", ""), "wrong horse");

        Assert.Equal(("/f", ErrorCodes.InvalidFormat), (error!.Pointer, error.Code));
        Assert.Contains("passphrase is another", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pkcs12_WithTooManyRounds_IsRefusedBeforeOneIsComputed()
    {
        var file = Chain.Pkcs12("passphrase", "", EncryptedPrivateKey.MaxIterations + 1);
        var watch = Stopwatch.StartNew();

        Assert.Equal(("/f", ErrorCodes.OutOfRange), Of(Pkcs12File.Read("/f", file, "passphrase").Error));
        Assert.True(watch.ElapsedMilliseconds < 100, $"{watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void Pkcs12_ThatIsNone_IsRefused()
    {
        var other = TestChain.Create("other.example.com");
        var withoutKey = Convert.ToBase64String(new X509Certificate2Collection(Chain.Certificate)
            .Export(X509ContentType.Pkcs12, "passphrase")!);

        Assert.Equal(("/f", ErrorCodes.InvalidFormat), Of(Pkcs12File.Read("/f", "Hello, world!", "x").Error));
        Assert.Equal(("/f", ErrorCodes.InvalidFormat), Of(Pkcs12File.Read("/f", "AAAA", "x").Error));
        Assert.Equal(("/f", ErrorCodes.InvalidFormat), Of(Pkcs12File.Read("/f", Convert.ToBase64String(Chain.Certificate.RawData), "x").Error));
        Assert.Equal(("/f", ErrorCodes.TooLong), Of(Pkcs12File.Read("/f", new string('A', Pkcs12File.MaxLength + 4), "x").Error));
        Assert.Contains("no private key", Pkcs12File.Read("/f", withoutKey, "passphrase").Error!.Message, StringComparison.Ordinal);
        var many = Chain.Pkcs12("passphrase", string.Concat(Enumerable.Repeat(other.Root, 3)) + string.Concat(Enumerable.Range(0, 14).Select(i => TestKeyPair.Ec($"n{i}.example.com").Certificate)));
        Assert.Equal(("/f", ErrorCodes.OutOfRange), Of(Pkcs12File.Read("/f", many, "passphrase").Error));
    }

    private static string Encrypted(int iterations) =>
        Chain.Key.ExportEncryptedPkcs8PrivateKeyPem("passphrase", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations));

    private static (string Pointer, string Code) Of(ValidationError? error) => (error!.Pointer, error.Code);
}
