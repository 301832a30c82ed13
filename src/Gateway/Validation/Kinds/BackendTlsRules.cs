using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>TLS towards a Backend: the fields and rules of BackendTLSPolicy (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation), all optional.</summary>
internal static class BackendTlsRules
{
    private static readonly TextChoice WellKnown = new("System");

    public static BackendTls Read(ObjectReader reader)
    {
        var tls = new BackendTls
        {
            Hostname = reader.Text("hostname", Formats.PreciseHostname),
            CaCertificateRefs = CaReferences.Read(reader),
            WellKnownCaCertificates = reader.Text("wellKnownCACertificates", WellKnown),
            SubjectAltNames = SubjectAltNames.Read(reader),
            ClientCertificateRef = reader.Object("clientCertificateRef", References.Secret),
        };
        CaReferences.RefuseBoth(reader, tls.CaCertificateRefs);
        return tls;
    }
}
