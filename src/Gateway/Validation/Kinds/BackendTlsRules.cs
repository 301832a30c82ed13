using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>TLS towards a Backend: the fields and rules of BackendTLSPolicy (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation), all optional.</summary>
internal static class BackendTlsRules
{
    private static readonly TextChoice WellKnown = new("System");
    private static readonly TextChoice NameTypes = new("Hostname", "URI");

    public static BackendTls Read(ObjectReader reader)
    {
        var tls = new BackendTls
        {
            Hostname = reader.Text("hostname", Formats.PreciseHostname),
            CaCertificateRefs = reader.List("caCertificateRefs", Count.AtMost(8), References.Local),
            WellKnownCaCertificates = reader.Text("wellKnownCACertificates", WellKnown),
            SubjectAltNames = reader.List("subjectAltNames", Count.AtMost(5), ReadName),
            ClientCertificateRef = reader.Object("clientCertificateRef", References.Secret),
        };
        // "must not contain both CACertificateRefs and WellKnownCACertificates".
        if (tls.CaCertificateRefs is { Count: > 0 } && reader.IsSet("wellKnownCACertificates"))
            reader.Report(ErrorCodes.Conflict, "'caCertificateRefs' and 'wellKnownCACertificates' exclude each other: remove one.", "wellKnownCACertificates");
        return tls;
    }

    /// <summary>"SubjectAltName element must contain …" (https://gateway-api.sigs.k8s.io/reference/spec/#subjectaltname).</summary>
    private static SubjectAltName ReadName(ObjectReader reader)
    {
        var name = new SubjectAltName
        {
            Type = reader.RequiredText("type", NameTypes),
            Hostname = reader.Text("hostname", Formats.Hostname),
            Uri = reader.Text("uri", Formats.Uri),
        };
        if (!NameTypes.Contains(name.Type))
            return name;
        reader.RequirePayload("type", name.Type, "Hostname", "hostname");
        reader.RequirePayload("type", name.Type, "URI", "uri");
        return name;
    }
}
