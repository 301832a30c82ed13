using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gatehouse.Acme.Answers;

/// <summary>Chains as PEM (RFC 8555 section 9.1).</summary>
internal static class ChainReader
{
    public const string MediaType = "application/pem-certificate-chain";

    private const int MostCertificates = 16;

    /// <summary>Reads a chain. Only its certificates are kept, each written anew.</summary>
    public static AcmeChain Read(byte[] body)
    {
        var text = Encoding.ASCII.GetString(body);
        var pem = new StringBuilder();
        var root = "";
        var count = 0;
        var start = 0;
        while (PemEncoding.TryFind(text.AsSpan(start), out var fields))
        {
            if (!text.AsSpan(start)[fields.Label].SequenceEqual("CERTIFICATE") || ++count > MostCertificates)
                throw JsonFields.Invalid($"it holds something else than at most {MostCertificates} certificates");
            using var certificate = Load(Convert.FromBase64String(text[start..][fields.Base64Data]));
            pem.Append(certificate.ExportCertificatePem()).Append('\n');
            root = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
            start += fields.Location.End.Value;
        }
        return count > 0 ? new AcmeChain(pem.ToString(), root) : throw JsonFields.Invalid("it holds no certificate");
    }

    private static X509Certificate2 Load(byte[] der)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            throw JsonFields.Invalid("it holds a certificate that cannot be read");
        }
    }
}
