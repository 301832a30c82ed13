using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Gateway.KeyPairs;

/// <summary>Who issued whom.</summary>
public static class ChainLinks
{
    private const int MaxCharacters = 32 * 1024;

    /// <summary>Whether one certificate issued another, as far as names and key identifiers say (RFC 5280 sections 4.1.2.4 and 4.2.1.1).</summary>
    internal static bool Issued(X509Certificate2 issuer, X509Certificate2 certificate) =>
        issuer.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
        && (AuthorityKeyOf(certificate) is not { } wanted || SubjectKeyOf(issuer) is not { } own || wanted.Span.SequenceEqual(own.Span));

    /// <summary>Whether a certificate names itself as its issuer: a root, or one that was made without an authority.</summary>
    internal static bool IsSelfIssued(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    /// <summary>
    /// A chain put in order: the certificate of the private key, or else the one that issued none of the others, then its issuer, and so on. What
    /// does not belong to it comes last; what occurs twice is left out once. A chain that is in order stays as it is written.
    /// </summary>
    /// <param name="pem">PEM of certificates.</param>
    /// <param name="publicKey">SubjectPublicKeyInfo of the private key; null: it is not known.</param>
    public static string Arrange(string pem, byte[]? publicKey)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            if (pem.Length <= UploadedChain.MaxCertificates * MaxCharacters)
                certificates.ImportFromPem(pem);
            return certificates.Count is > 1 and <= UploadedChain.MaxCertificates ? Arrange(pem, [.. certificates], publicKey) : pem;
        }
        catch (CryptographicException)
        {
            return pem;
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }

    private static string Arrange(string pem, List<X509Certificate2> certificates, byte[]? publicKey)
    {
        var rest = certificates.DistinctBy(static certificate => certificate.Thumbprint).ToList();
        if (LeafOf(rest, publicKey) is not { } leaf)
            return pem;
        var ordered = new List<X509Certificate2>();
        for (var next = leaf; next is not null; next = IsSelfIssued(next) ? null : rest.Find(candidate => Issued(candidate, next)))
        {
            ordered.Add(next);
            rest.Remove(next);
        }
        ordered.AddRange(rest);
        return ordered.SequenceEqual(certificates) ? pem : string.Concat(ordered.Select(static certificate => certificate.ExportCertificatePem() + "\n"));
    }

    private static X509Certificate2? LeafOf(List<X509Certificate2> certificates, byte[]? publicKey)
    {
        if (publicKey is not null && certificates.Find(certificate => certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey)) is { } own)
            return own;
        var issuedNone = certificates.FindAll(certificate => !certificates.Exists(other => other != certificate && Issued(certificate, other)));
        if (issuedNone.FindAll(static certificate => !IsAuthority(certificate)) is [var only])
            return only;
        return issuedNone.Count == 1 || issuedNone.Contains(certificates[0]) ? issuedNone[0] : null;
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault()?.CertificateAuthority == true;

    private static ReadOnlyMemory<byte>? AuthorityKeyOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;

    private static ReadOnlyMemory<byte>? SubjectKeyOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;
}
