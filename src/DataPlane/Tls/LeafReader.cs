using System.Formats.Asn1;

namespace Gatehouse.DataPlane.Tls;

/// <summary>
/// Reads of a certificate (RFC 5280 §4.1) and a private key (RFC 5208, RFC 5915, RFC 8017) what must be known before the first client comes:
/// names, and whether the two belong together. Costs microseconds, where the system's library takes the better part of a millisecond.
/// What has another form than usual is not judged here.
/// </summary>
internal static class LeafReader
{
    // subjectAltName.
    private static readonly byte[] AlternativeNames = [6, 3, 0x55, 0x1D, 0x11];

    // rsaEncryption and id-ecPublicKey, the first thing in an AlgorithmIdentifier of fewer than 128 bytes.
    private static readonly byte[] Rsa = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
    private static readonly byte[] EllipticCurve = [6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3, isConstructed: true);
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag PublicPart = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <summary>DNS names in lower case, and whether the key is of RSA; null: there are none, the key is another one's, or it takes the system's library to tell.</summary>
    /// <param name="certificate">DER.</param>
    /// <param name="privateKey">PKCS#8, DER.</param>
    public static (string[] Names, bool IsRsa)? Read(ReadOnlyMemory<byte> certificate, ReadOnlyMemory<byte> privateKey)
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
            return names.Length > 0 && BelongTogether(publicKey, privateKey, out var isRsa) ? (names, isRsa) : null;
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
            if (!extension.ReadEncodedValue().Span.SequenceEqual(AlternativeNames))
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

    private static bool BelongTogether(ReadOnlyMemory<byte> publicKey, ReadOnlyMemory<byte> privateKey, out bool isRsa)
    {
        var info = new AsnReader(publicKey, AsnEncodingRules.DER).ReadSequence();
        var algorithm = info.ReadEncodedValue();
        isRsa = algorithm.Span[2..].StartsWith(Rsa);
        var point = info.ReadBitString(out _);
        var key = new AsnReader(privateKey, AsnEncodingRules.DER).ReadSequence();
        key.ReadInteger();
        if (!key.ReadEncodedValue().Span.SequenceEqual(algorithm.Span))
            return false;
        var inner = new AsnReader(key.ReadOctetString(), AsnEncodingRules.DER).ReadSequence();
        inner.ReadInteger();
        return isRsa
            ? IsSameModulus(inner, new AsnReader(point, AsnEncodingRules.DER).ReadSequence())
            : algorithm.Span[2..].StartsWith(EllipticCurve) && PointOf(inner) is { } own && own.AsSpan().SequenceEqual(point);
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
