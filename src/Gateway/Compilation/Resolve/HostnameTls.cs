using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>What a Hostname ends TLS with at one Gateway.</summary>
/// <param name="Certificates">Certificates of its tenant, the best first.</param>
/// <param name="IsIssuedInCluster">Whether the cluster has one issued instead.</param>
internal sealed record HostnameTls(IReadOnlyList<CertificateModel> Certificates, bool IsIssuedInCluster)
{
    private const string UploadedAlone = "Uploaded";

    /// <summary>Whether TLS ends there.</summary>
    public bool Ends => Certificates.Count > 0 || IsIssuedInCluster;

    /// <summary>Where a cluster issues itself, what was issued here is of no use; what its tenant uploaded goes before.</summary>
    public static HostnameTls Of(Resource<HostnameSpec> resource, GatewayModel gateway, IReadOnlyList<CertificateModel> certificates, Reads reads)
    {
        if (!gateway.IssuesInCluster)
            return new HostnameTls(certificates, false);
        IReadOnlyList<CertificateModel> uploaded = [.. certificates.Where(static certificate => !certificate.IsManaged)];
        var issues = uploaded.Count == 0 && resource.Spec.Certificate?.Source != UploadedAlone && resource.Key.Tenant != ResourceKind.QuarantineTenant
            && !reads.HasTlsRouteFor(resource.Key.Tenant, resource.Key.Name);
        return new HostnameTls(uploaded, issues);
    }

    /// <summary>CertificateReady of a Hostname; null: no port for TLS is open to it, and it wants none.</summary>
    public static Verdict? ReadyOf(Resource<HostnameSpec> resource, IReadOnlyList<GatewayModel> gateways, IReadOnlyList<CertificateModel> certificates, Reads reads)
    {
        var open = gateways.Where(gateway => HostnameResolver.TakesTls(resource, gateway)).ToList();
        if (open.Count > 0 && open.TrueForAll(gateway => Of(resource, gateway, certificates, reads).IsIssuedInCluster))
            return Verdict.True(Reasons.CertificateReady, Reasons.IssuedInCluster, "cert-manager issues and renews it in the cluster that serves the name.");
        if (certificates.Count == 0)
        {
            return open.Count > 0
                ? Verdict.False(Reasons.CertificateReady, Reasons.NoCertificate, $"No certificate of tenant `{resource.Key.Tenant}` covers `{resource.Key.Name}`, so TLS does not end here: status.issuance says how a managed one stands, or upload one.")
                : null;
        }
        return open.Count > 0
            ? Verdict.True(Reasons.CertificateReady, Reasons.CertificateReady, $"Certificate `{certificates[0].Key.Name}` covers it.")
            : Verdict.False(Reasons.CertificateReady, Reasons.PortUnavailable, $"Certificate `{certificates[0].Key.Name}` covers it, but port {HostnameResolver.TlsPort} is not open: a platform admin must list it in tenantGateways.ports of the GatewayClass.");
    }
}
