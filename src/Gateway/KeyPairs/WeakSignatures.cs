using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Gateway.KeyPairs;

/// <summary>Signatures over hashes for which collisions can be made (RFC 6194, RFC 6151).</summary>
internal static class WeakSignatures
{
    private const string Sha1 = "SHA-1";
    private const string Md5 = "MD5";
    private const string Sha1Hash = "1.3.14.3.2.26";
    private const string Md5Hash = "1.2.840.113549.2.5";
    private const string Pss = "1.2.840.113549.1.1.10";

    private static readonly Dictionary<string, string> Weak = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.2"] = "MD2",
        ["1.2.840.113549.1.1.3"] = "MD4",
        ["1.2.840.113549.1.1.4"] = Md5,
        ["1.2.840.113549.1.1.5"] = Sha1,
        ["1.3.14.3.2.3"] = Md5,
        ["1.3.14.3.2.29"] = Sha1,
        ["1.2.840.10045.4.1"] = Sha1,
        ["1.2.840.10040.4.3"] = Sha1,
    };

    /// <summary>The weak hash that a certificate is signed with; null: it is none of the weak ones.</summary>
    public static string? HashOf(X509Certificate2 certificate)
    {
        var algorithm = certificate.SignatureAlgorithm.Value ?? "";
        return algorithm == Pss ? PssHashOf(certificate) : Weak.GetValueOrDefault(algorithm);
    }

    /// <summary>RSASSA-PSS names its hash in parameters, and means SHA-1 where it does not (RFC 4055 section 3.1).</summary>
    private static string? PssHashOf(X509Certificate2 certificate)
    {
        var outer = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        outer.ReadEncodedValue();
        var algorithm = outer.ReadSequence();
        algorithm.ReadObjectIdentifier();
        var parameters = algorithm.HasData ? algorithm.ReadSequence() : null;
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0);
        if (parameters is not { HasData: true } || !parameters.PeekTag().HasSameClassAndValue(tag))
            return Sha1;
        return parameters.ReadSequence(tag).ReadSequence().ReadObjectIdentifier() switch
        {
            Sha1Hash => Sha1,
            Md5Hash => Md5,
            _ => null,
        };
    }
}
