using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Validation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Validation;

public sealed class PemTextTests
{
    private static readonly string Pem = Create();

    [Fact]
    public void Check_ChainsWithTextAroundThem_AreFine()
    {
        Assert.Null(PemText.Check("/c", Pem));
        Assert.Null(PemText.Check("/c", "# ours\r\n" + Pem + "\n# and its issuer\n" + Pem));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello world")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void Check_WhatIsNoCertificate_IsAnError(string pem) =>
        Assert.Equal(("/c", ErrorCodes.InvalidFormat), Of(PemText.Check("/c", pem)));

    [Fact]
    public void Check_OneBadBlockAmongGoodOnes_IsAnError() =>
        Assert.Equal(("/c", ErrorCodes.InvalidFormat), Of(PemText.Check("/c", Pem + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")));

    [Theory]
    [InlineData("PRIVATE KEY")]
    [InlineData("RSA PRIVATE KEY")]
    [InlineData("ENCRYPTED PRIVATE KEY")]
    public void Check_APrivateKeyBesideIt_IsAnErrorThatDoesNotRepeatIt(string label)
    {
        var error = PemText.Check("/c", $"{Pem}\n-----BEGIN {label}-----\nc2VjcmV0\n-----END {label}-----");

        Assert.Equal(("/c", ErrorCodes.NotAllowed), Of(error));
        Assert.DoesNotContain("c2VjcmV0", error!.Message, StringComparison.Ordinal);
    }

    private static (string Pointer, string Code) Of(ValidationError? error) => (error!.Pointer, error.Code);

    private static string Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return certificate.ExportCertificatePem() + "\n";
    }
}
