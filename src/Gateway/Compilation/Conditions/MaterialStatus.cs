using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of Certificates and ConfigMaps.</summary>
internal static class MaterialStatus
{
    public static ResourceStatus? Of(CertificateNode node) => node is not { Resource: { } resource, Model: { } model }
        ? null
        : new ResourceStatus
        {
            Key = node.Key,
            Generation = resource.Generation,
            Conditions = [AcceptedOf(model.Problem).At(resource.Generation), Verdict.ResolvedRefs.At(resource.Generation)],
            Pools = [.. node.Uses.Keys.Order(StringComparer.Ordinal)],
            Certificate = model.IsUsable ? Details(model, resource.Spec.ManagedFor) : null,
        };

    public static ResourceStatus? Of(ConfigMapNode node) => node is not { Resource: { } resource, Model: { } model }
        ? null
        : new ResourceStatus
        {
            Key = node.Key,
            Generation = resource.Generation,
            Conditions = [AcceptedOf(model.Problem).At(resource.Generation), Verdict.ResolvedRefs.At(resource.Generation)],
        };

    private static Verdict AcceptedOf(string? problem) => problem is null
        ? Verdict.Accepted
        : Verdict.False(Reasons.Accepted, Reasons.Invalid, $"Cannot be used: {problem}. Upload PEM that a TLS library reads.");

    private static CertificateDetails Details(CertificateModel model, string? managedFor) => new(model.DnsNames, model.NotBefore, model.NotAfter, model.KeyFingerprint)
    {
        Subject = model.Subject,
        Issuer = model.Issuer,
        Fingerprint = model.Fingerprint,
        Addresses = model.Addresses,
        ManagedFor = managedFor,
    };
}
