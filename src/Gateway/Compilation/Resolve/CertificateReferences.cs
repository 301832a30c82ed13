using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>
/// Resolves references to certificates and authorities (https://gateway-api.sigs.k8s.io/reference/spec/#secretobjectreference). Across
/// tenants the grant is asked first, so that no answer tells whether a hidden object exists.
/// </summary>
internal static class CertificateReferences
{
    /// <summary>Resolves a reference to a Secret of type kubernetes.io/tls, which is stored as a Certificate.</summary>
    /// <param name="reference">Reference.</param>
    /// <param name="from">Object that refers.</param>
    /// <param name="invalid">Reason for a reference that leads to nothing usable.</param>
    /// <param name="reads">What may be read.</param>
    public static (CertificateModel? Certificate, ReferenceProblem? Problem) Certificate(SecretObjectReference reference, ResourceKey from, string invalid, Reads reads)
    {
        var kind = reference.Kind ?? ResourceKind.Secret;
        if (kind != ResourceKind.Secret || !string.IsNullOrEmpty(reference.Group))
            return (null, new ReferenceProblem(invalid, $"{Name(reference, kind)} cannot be a certificate: refer to a Secret of the core group"));
        var tenant = reference.Namespace ?? from.Tenant;
        if (tenant != from.Tenant && !reads.Permits(from, new ResourceKey(ResourceKind.Secret, tenant, reference.Name)))
            return (null, NotPermitted(from, tenant, kind, reference.Name));
        if (reads.Certificate(tenant, reference.Name) is not { } certificate)
            return (null, new ReferenceProblem(invalid, $"tenant `{tenant}` has no certificate `{reference.Name}`: upload it"));
        return certificate.Problem is { } problem
            ? (null, new ReferenceProblem(invalid, $"certificate `{reference.Name}` of tenant `{tenant}` cannot be used: {problem}"))
            : (certificate, null);
    }

    /// <summary>Resolves a reference to a ConfigMap with authorities.</summary>
    public static (ConfigMapModel? Authorities, ReferenceProblem? Problem) Authorities(SecretObjectReference reference, ResourceKey from, string invalid, string invalidKind, Reads reads)
    {
        var kind = reference.Kind ?? ResourceKind.ConfigMap;
        if (kind != ResourceKind.ConfigMap || !string.IsNullOrEmpty(reference.Group))
            return (null, new ReferenceProblem(invalidKind, $"{Name(reference, kind)} cannot hold authorities: refer to a ConfigMap of the core group"));
        var tenant = reference.Namespace ?? from.Tenant;
        if (tenant != from.Tenant && !reads.Permits(from, new ResourceKey(ResourceKind.ConfigMap, tenant, reference.Name)))
            return (null, NotPermitted(from, tenant, kind, reference.Name));
        if (reads.ConfigMap(tenant, reference.Name) is not { } map)
            return (null, new ReferenceProblem(invalid, $"tenant `{tenant}` has no ConfigMap `{reference.Name}`: create it with key ca.crt"));
        return map.Problem is { } problem
            ? (null, new ReferenceProblem(invalid, $"ConfigMap `{reference.Name}` of tenant `{tenant}` cannot be used: {problem}"))
            : (map, null);
    }

    private static ReferenceProblem NotPermitted(ResourceKey from, string tenant, string kind, string name) => new(
        Conditions.Reasons.RefNotPermitted,
        $"no ReferenceGrant in tenant `{tenant}` lets {from.Kind} of tenant `{from.Tenant}` reference {kind} `{name}`");

    private static string Name(SecretObjectReference reference, string kind) =>
        string.IsNullOrEmpty(reference.Group) ? $"{kind} `{reference.Name}`" : $"{reference.Group}/{kind} `{reference.Name}`";
}
