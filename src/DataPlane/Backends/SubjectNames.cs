using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.DataPlane.Backends;

/// <summary>Compares the names in a certificate with those that are accepted (https://gateway-api.sigs.k8s.io/reference/spec/#subjectaltname).</summary>
internal static class SubjectNames
{
    // The framework enumerates names and addresses only; a URI is context tag 6 (RFC 5280 §4.2.1.6).
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>Whether a certificate has one of the names; an accepted <c>*.suffix</c> takes any one label, or that very wildcard.</summary>
    public static bool CoverAny(X509Certificate2 certificate, string[] accepted)
    {
        foreach (var name in accepted)
        {
            if (name.StartsWith("*.", StringComparison.Ordinal) ? HasBelow(certificate, name[1..]) : certificate.MatchesHostname(name, allowCommonName: false))
                return true;
        }
        return false;
    }

    /// <summary>The URIs among a certificate's alternative names.</summary>
    public static IEnumerable<string> UrisOf(X509Certificate2 certificate)
    {
        foreach (var extension in Alternatives(certificate))
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(Uri))
                    yield return names.ReadCharacterString(UniversalTagNumber.IA5String, Uri);
                else
                    names.ReadEncodedValue();
            }
        }
    }

    private static bool HasBelow(X509Certificate2 certificate, string suffix) =>
        Alternatives(certificate).SelectMany(extension => extension.EnumerateDnsNames()).Any(name =>
            name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && name.Length > suffix.Length && !name.AsSpan(0, name.Length - suffix.Length).Contains('.'));

    private static IEnumerable<X509SubjectAlternativeNameExtension> Alternatives(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>();
}
