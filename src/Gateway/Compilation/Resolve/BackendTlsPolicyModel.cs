using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>A BackendTLSPolicy without regard to others that may conflict with it.</summary>
internal sealed record BackendTlsPolicyModel
{
    public required ResourceKey Key { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it applies to: Services and Backends of its tenant, with the section or empty.</summary>
    public required IReadOnlyList<PolicyTarget> Targets { get; init; }

    /// <summary>Targets of kinds that nothing is known of.</summary>
    public required IReadOnlyList<string> UnknownTargets { get; init; }

    public required BackendTlsEntry Tls { get; init; }

    public required Verdict Accepted { get; init; }

    public required Verdict ResolvedRefs { get; init; }

    /// <summary>"The older policy by creation timestamp takes precedence", then by name (https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyspec).</summary>
    public static int Compare(BackendTlsPolicyModel left, BackendTlsPolicyModel right)
    {
        var order = left.CreatedAt.CompareTo(right.CreatedAt);
        return order != 0 ? order : left.Key.CompareTo(right.Key);
    }

    public bool IsSame(BackendTlsPolicyModel? other) =>
        other is not null && CreatedAt == other.CreatedAt && Accepted.Equals(other.Accepted) && ResolvedRefs.Equals(other.ResolvedRefs)
        && Targets.SequenceEqual(other.Targets) && UnknownTargets.SequenceEqual(other.UnknownTargets)
        && Tls.Hostname == other.Tls.Hostname && Tls.CaPem == other.Tls.CaPem
        && Tls.SubjectAltNames.SequenceEqual(other.Tls.SubjectAltNames) && Tls.SubjectAltUris.SequenceEqual(other.Tls.SubjectAltUris);
}

/// <summary>What a policy applies to.</summary>
/// <param name="Object">Service or Backend.</param>
/// <param name="Section">Name of a Service's port; empty: the whole object.</param>
internal readonly record struct PolicyTarget(ResourceKey Object, string Section);
