using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves BackendTLSPolicies (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicy).</summary>
internal static class BackendTlsPolicyResolver
{
    public static BackendTlsPolicyModel Resolve(Resource<BackendTlsPolicySpec> resource, Reads reads)
    {
        var validation = resource.Spec.Validation;
        var authorities = Authorities.Resolve(resource.Key.Tenant, validation.CaCertificateRefs, validation.WellKnownCaCertificates, reads);
        var targets = resource.Spec.TargetRefs.Select(target => (Target: TargetOf(resource.Key.Tenant, target), Written: target)).ToArray();
        return new BackendTlsPolicyModel
        {
            Key = resource.Key,
            CreatedAt = resource.CreatedAt,
            Targets = [.. targets.Select(target => target.Target).OfType<PolicyTarget>().Distinct()],
            UnknownTargets = [.. targets.Where(target => target.Target is null).Select(target => $"{target.Written.Group}/{target.Written.Kind} `{target.Written.Name}`")],
            Tls = BackendTlsIdentities.Of(validation.Hostname, validation.SubjectAltNames) with { CaPem = authorities.CaPem },
            Accepted = AcceptedOf(validation, authorities),
            ResolvedRefs = authorities.ResolvedRefs,
        };
    }

    private static PolicyTarget? TargetOf(string tenant, PolicyTargetReference target) => (target.Group, target.Kind) switch
    {
        ("", ResourceKind.Service) or (ResourceKind.GatehouseGroup, ResourceKind.Backend) =>
            new PolicyTarget(new ResourceKey(target.Kind, tenant, target.Name), target.SectionName ?? ""),
        _ => null,
    };

    // "If ALL CACertificateRefs are invalid, … Accepted … False, with a Reason NoValidCACertificate"; of an unknown wellKnownCACertificates: Invalid.
    private static Verdict AcceptedOf(BackendTlsPolicyValidation validation, Authorities authorities)
    {
        if (authorities.Usable)
            return UnknownNames(validation) is { } unknown
                ? Verdict.False(Reasons.Accepted, Reasons.Invalid, $"subjectAltNames holds type `{unknown}`, which is unknown: nothing is sent to its targets.")
                : Verdict.Accepted;
        return validation.CaCertificateRefs is { Count: > 0 }
            ? Verdict.False(Reasons.Accepted, Reasons.NoValidCaCertificate, $"No authority can be used, so nothing is sent to its targets: {authorities.ResolvedRefs.Message}")
            : Verdict.False(Reasons.Accepted, Reasons.Invalid, $"wellKnownCACertificates `{validation.WellKnownCaCertificates}` is unknown, so nothing is sent to its targets: use System, or caCertificateRefs.");
    }

    // Left out, an identity of an unknown type would leave the check to the hostname, which its author took it from.
    private static string? UnknownNames(BackendTlsPolicyValidation validation) =>
        (validation.SubjectAltNames ?? []).FirstOrDefault(name => !BackendTlsIdentities.IsKnown(name))?.Type;
}
