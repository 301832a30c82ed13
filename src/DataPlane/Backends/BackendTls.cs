using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.DataPlane.Backends;

/// <summary>TLS towards backends: the backend's authorities and identities (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation).</summary>
internal sealed class BackendTls
{
    private readonly ConcurrentDictionary<string, X509Certificate2Collection> _authorities = new(StringComparer.Ordinal);

    public SslClientAuthenticationOptions OptionsFor(OutboundOptions options, string endpointHost) => new()
    {
        TargetHost = options.TlsHostname ?? endpointHost,
        ApplicationProtocols = [options.IsHttp2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
        CertificateChainPolicy = ChainPolicy(options.CaPem),
        RemoteCertificateValidationCallback = options.SubjectAltNames.Length == 0
            ? null
            : (_, certificate, _, errors) => IsIdentity(certificate, errors, options.SubjectAltNames.Split('\n')),
    };

    // Downloads are off: an address inside a certificate must not make the gateway fetch it.
    private X509ChainPolicy ChainPolicy(string? caPem)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (caPem is null)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_authorities.GetOrAdd(caPem, pem =>
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(pem);
            return authorities;
        }));
        return policy;
    }

    private static bool IsIdentity(X509Certificate? certificate, SslPolicyErrors errors, string[] accepted)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None || certificate is not X509Certificate2 shown)
            return false;
        var uris = shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(UrisOf).ToArray();
        return accepted.Any(name => name.Contains("://", StringComparison.Ordinal) ? uris.Contains(name) : shown.MatchesHostname(name, allowCommonName: false));
    }

    // The framework enumerates names and addresses only; a URI is context tag 6 (RFC 5280 §4.2.1.6).
    private static IEnumerable<string> UrisOf(X509SubjectAlternativeNameExtension extension)
    {
        var names = new System.Formats.Asn1.AsnReader(extension.RawData, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        var uri = new System.Formats.Asn1.Asn1Tag(System.Formats.Asn1.TagClass.ContextSpecific, 6);
        while (names.HasData)
        {
            if (names.PeekTag().HasSameClassAndValue(uri))
                yield return names.ReadCharacterString(System.Formats.Asn1.UniversalTagNumber.IA5String, uri);
            else
                names.ReadEncodedValue();
        }
    }
}
