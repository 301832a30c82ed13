using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// Reads of a certificate (RFC 5280 §4.1) and a private key (RFC 5208, RFC 5915, RFC 8017) what must be known before the first client comes:
/// names, and whether the two belong together. Costs microseconds, where the system's library takes the better part of a millisecond.
/// What has another form than usual is not judged here.
/// </summary>
internal static class LeafReader
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private const string AlternativeNames = "2.5.29.17";
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3, isConstructed: true);
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag PublicPart = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <summary>DNS names in lower case and the SHA-256 of the public key; null: there are none, the key is another one's, or it takes the system's library to tell.</summary>
    /// <param name="certificate">DER.</param>
    /// <param name="privateKey">PKCS#8, DER.</param>
    public static (string[] Names, byte[] KeyHash, bool IsRsa)? Read(ReadOnlyMemory<byte> certificate, ReadOnlyMemory<byte> privateKey)
    {
        try
        {
            var outer = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
            var body = outer.ReadSequence();
            if (body.PeekTag().HasSameClassAndValue(Version))
                body.ReadEncodedValue();
            // Serial number, signature, issuer, validity, subject.
            for (var i = 0; i < 5; i++)
                body.ReadEncodedValue();
            var publicKey = body.ReadEncodedValue();
            var names = NamesOf(body);
            return names.Length > 0 && BelongTogether(publicKey, privateKey) ? (names, SHA256.HashData(publicKey.Span), IsRsa(publicKey)) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static string[] NamesOf(AsnReader rest)
    {
        while (rest.HasData && !rest.PeekTag().HasSameClassAndValue(Extensions))
            rest.ReadEncodedValue();
        var names = new List<string>(1);
        var extensions = rest.HasData ? rest.ReadSequence(Extensions).ReadSequence() : null;
        while (extensions is { HasData: true })
        {
            var extension = extensions.ReadSequence();
            if (extension.ReadObjectIdentifier() != AlternativeNames)
                continue;
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
                extension.ReadBoolean();
            var list = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.DER).ReadSequence();
            while (list.HasData)
            {
                if (list.PeekTag().HasSameClassAndValue(DnsName))
                    names.Add(list.ReadCharacterString(UniversalTagNumber.IA5String, DnsName).ToLowerInvariant());
                else
                    list.ReadEncodedValue();
            }
        }
        names.RemoveAll(static name => name.Length == 0);
        return [.. names];
    }

    private static bool IsRsa(ReadOnlyMemory<byte> publicKey) =>
        new AsnReader(publicKey, AsnEncodingRules.DER).ReadSequence().ReadSequence().ReadObjectIdentifier() == Rsa;

    private static bool BelongTogether(ReadOnlyMemory<byte> publicKey, ReadOnlyMemory<byte> privateKey)
    {
        var info = new AsnReader(publicKey, AsnEncodingRules.DER).ReadSequence();
        var algorithm = info.ReadEncodedValue();
        var point = info.ReadBitString(out _);
        var key = new AsnReader(privateKey, AsnEncodingRules.DER).ReadSequence();
        key.ReadInteger();
        if (!key.ReadEncodedValue().Span.SequenceEqual(algorithm.Span))
            return false;
        var inner = new AsnReader(key.ReadOctetString(), AsnEncodingRules.DER).ReadSequence();
        inner.ReadInteger();
        return new AsnReader(algorithm, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier() switch
        {
            EllipticCurve => PointOf(inner) is { } own && own.AsSpan().SequenceEqual(point),
            Rsa => IsSameModulus(inner, new AsnReader(point, AsnEncodingRules.DER).ReadSequence()),
            _ => false,
        };
    }

    // Optional; those who leave it out pay for the long way.
    private static byte[]? PointOf(AsnReader key)
    {
        key.ReadOctetString();
        while (key.HasData)
        {
            if (key.PeekTag().HasSameClassAndValue(PublicPart))
                return key.ReadSequence(PublicPart).ReadBitString(out _);
            key.ReadEncodedValue();
        }
        return null;
    }

    private static bool IsSameModulus(AsnReader privateKey, AsnReader publicKey) =>
        privateKey.ReadIntegerBytes().Span.SequenceEqual(publicKey.ReadIntegerBytes().Span) && privateKey.ReadIntegerBytes().Span.SequenceEqual(publicKey.ReadIntegerBytes().Span);
}
