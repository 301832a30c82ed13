using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Testing.Certificates;

/// <summary>Signs with SHA-1 or MD5, which .NET does not do for certificates any more.</summary>
internal sealed class WeakSignatureGenerator(AsymmetricAlgorithm key, HashAlgorithmName hash, bool pss) : X509SignatureGenerator
{
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(key is not RSA ? "1.2.840.10045.4.1" : pss ? "1.2.840.113549.1.1.10" : hash == HashAlgorithmName.MD5 ? "1.2.840.113549.1.1.4" : "1.2.840.113549.1.1.5");
            if (pss)
                writer.WriteEncodedValue([0x30, 0x00]);
            else if (key is RSA)
                writer.WriteNull();
        }
        return writer.Encode();
    }

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key is RSA rsa
        ? rsa.SignData(data, hash, pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
        : ((ECDsa)key).SignData(data, hash, DSASignatureFormat.Rfc3279DerSequence);

    protected override PublicKey BuildPublicKey() => key is RSA rsa ? new PublicKey(rsa) : new PublicKey((ECDsa)key);
}
