using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>The authorities that a TLS backend's certificate is checked against.</summary>
/// <param name="CaPem">PEM; null: the system's, or none at all where <paramref name="Usable"/> is false.</param>
/// <param name="Usable">Whether there is any; if not, nothing may be sent.</param>
/// <param name="ResolvedRefs">ResolvedRefs of the object that names them.</param>
internal sealed record Authorities(string? CaPem, bool Usable, Verdict ResolvedRefs)
{
    private const string System = "System";

    /// <summary>
    /// Resolves them (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation): ConfigMaps of the same tenant with
    /// <c>ca.crt</c>. Of several the valid ones count; "connections using an invalid CACertificateRef MUST fail".
    /// </summary>
    public static Authorities Resolve(string tenant, IReadOnlyList<LocalObjectReference>? references, string? wellKnown, Reads reads)
    {
        if (references is not { Count: > 0 })
            return new Authorities(null, wellKnown is null or "" or System, Verdict.ResolvedRefs);
        var bundles = new List<string>();
        Verdict? invalid = null;
        foreach (var reference in references)
        {
            var (pem, problem) = Read(tenant, reference, reads);
            if (pem is not null)
                bundles.Add(pem);
            invalid ??= problem;
        }
        return new Authorities(bundles.Count == 0 ? null : string.Concat(bundles.Distinct()), bundles.Count > 0, invalid ?? Verdict.ResolvedRefs);
    }

    private static (string? Pem, Verdict? Problem) Read(string tenant, LocalObjectReference reference, Reads reads)
    {
        if (reference is not { Kind: ResourceKind.ConfigMap, Group: "" })
            return (null, Invalid(Reasons.InvalidKind, $"caCertificateRefs names {reference.Group}/{reference.Kind} `{reference.Name}`: use a ConfigMap with key ca.crt"));
        if (reads.ConfigMap(tenant, reference.Name) is not { } map)
            return (null, Invalid(Reasons.InvalidCaCertificateRef, $"caCertificateRefs names ConfigMap `{reference.Name}`, which does not exist in tenant `{tenant}`: create it with key ca.crt"));
        return map.IsUsable
            ? (map.CaPem, null)
            : (null, Invalid(Reasons.InvalidCaCertificateRef, $"caCertificateRefs names ConfigMap `{reference.Name}`, which cannot be used: {map.Problem}"));
    }

    private static Verdict Invalid(string reason, string message) => Verdict.False(Reasons.ResolvedRefs, reason, $"{message}.");
}
