using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;
using static Gatehouse.Acme.Tests.Scripted.ScriptedAuthority;

namespace Gatehouse.Acme.Tests.Scripted;

/// <summary>Renewal information (RFC 9773).</summary>
public sealed class RenewalTests
{
    // The example of RFC 9773 section 4.1: a serial number whose first byte needs a zero before it.
    private const string Id = "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE";

    [Fact]
    public void Identifier_OfTheStandardsExample_IsTheStandards()
    {
        using var certificate = Example();

        Assert.Equal(Id, RenewalInfo.CertificateId(certificate));
    }

    [Fact]
    public void Identifier_OfCertificateWithoutAuthorityKey_IsNone()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=self", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        Assert.Null(RenewalInfo.CertificateId(certificate));
    }

    [Theory]
    [InlineData("21600", 21600)]
    [InlineData("0", 60)]
    [InlineData("99999999", 86400)]
    [InlineData(null, 6 * 3600)]
    public async Task RenewalInfo_WithRetryAfter_IsAskedForAgainInTime(string? header, int seconds)
    {
        await using var authority = await StartAsync();
        authority[$"/ari/{Id}"] = context =>
        {
            if (header is not null)
                context.Response.Headers.RetryAfter = header;
            return JsonAsync(context, """{"suggestedWindow":{"start":"2025-01-02T04:00:00Z","end":"2025-01-03T04:00:00+01:00"},"explanationURL":"javascript:alert(1)"}""");
        };
        using var certificate = Example();

        var info = await authority.Client.GetRenewalInfoAsync(certificate);

        Assert.Equal(new DateTimeOffset(2025, 1, 2, 4, 0, 0, TimeSpan.Zero), info!.Start);
        Assert.Equal(new DateTimeOffset(2025, 1, 3, 3, 0, 0, TimeSpan.Zero), info.End);
        Assert.Null(info.Explanation);
        Assert.Equal(seconds, (info.CheckAfter - DateTimeOffset.UtcNow).TotalSeconds, 5.0);
    }

    [Theory]
    [InlineData("""{"suggestedWindow":{"start":"2025-01-03T04:00:00Z","end":"2025-01-02T04:00:00Z"}}""")]
    [InlineData("""{"suggestedWindow":{"start":"tomorrow","end":"2025-01-02T04:00:00Z"}}""")]
    [InlineData("""{"suggestedWindow":[]}""")]
    public async Task RenewalInfo_WithWindowThatIsNone_IsAnInvalidAnswer(string json)
    {
        await using var authority = await StartAsync();
        authority[$"/ari/{Id}"] = context => JsonAsync(context, json);
        using var certificate = Example();

        Assert.Equal(AcmeErrorKind.InvalidAnswer, (await Assert.ThrowsAsync<AcmeException>(() => authority.Client.GetRenewalInfoAsync(certificate))).Kind);
    }

    [Fact]
    public async Task RenewalInfo_ThatIsNotThere_IsNothing()
    {
        await using var authority = await StartAsync();
        using var certificate = Example();

        Assert.Null(await authority.Client.GetRenewalInfoAsync(certificate));
    }

    private static X509Certificate2 Example()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=example.com", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(Convert.FromHexString("69885B6B87464041E1B37B847BA0AE2CDE01C8D4")));
        return request.Create(
            new X500DistinguishedName("CN=Example CA"), X509SignatureGenerator.CreateForECDsa(key), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1),
            [0x00, 0x87, 0x65, 0x43, 0x21]);
    }
}
