using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Acme;

/// <summary>When an authority wants a certificate renewed (RFC 9773).</summary>
/// <param name="Start">Begin of the window, of which a moment is to be picked at random.</param>
/// <param name="End">Its end. A window in the past: now.</param>
/// <param name="Explanation">A page for people that says why.</param>
/// <param name="CheckAfter">When to ask again; between one minute and one day from when it was asked.</param>
public sealed record RenewalInfo(DateTimeOffset Start, DateTimeOffset End, Uri? Explanation, DateTimeOffset CheckAfter)
{
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0);

    /// <summary>
    /// Identifier of a certificate with its authority (RFC 9773 section 4.1), also what <c>replaces</c> takes; null where the certificate does
    /// not say which key signed it.
    /// </summary>
    /// <param name="certificate">The certificate.</param>
    public static string? CertificateId(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var authority = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        return authority is { Length: > 0 } key ? $"{Base64Url.EncodeToString(key.Span)}.{Base64Url.EncodeToString(SerialOf(certificate))}" : null;
    }

    // The number's DER content, a leading zero included, which parsed numbers have lost.
    private static byte[] SerialOf(X509Certificate2 certificate)
    {
        var body = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        if (body.PeekTag().HasSameClassAndValue(Version))
            body.ReadEncodedValue();
        return body.ReadIntegerBytes().ToArray();
    }
}
