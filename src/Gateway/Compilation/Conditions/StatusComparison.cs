using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Compares statuses by value; records compare their lists by reference.</summary>
internal static class StatusComparison
{
    public static bool AreSame(ResourceStatus left, ResourceStatus right) =>
        left.Key == right.Key && left.Generation == right.Generation && left.AttachedListenerSets == right.AttachedListenerSets
        && left.Conditions.SequenceEqual(right.Conditions)
        && Same(left.Parents, right.Parents, static (a, b) => a.ParentRef == b.ParentRef && a.ControllerName == b.ControllerName && a.Conditions.SequenceEqual(b.Conditions))
        && Same(left.Ancestors, right.Ancestors, static (a, b) => a.AncestorRef == b.AncestorRef && a.ControllerName == b.ControllerName && a.Conditions.SequenceEqual(b.Conditions))
        && Same(left.Listeners, right.Listeners, AreSame)
        && Same(left.SupportedFeatures, right.SupportedFeatures, static (a, b) => a == b)
        && AreSame(left.Certificate, right.Certificate)
        && Same(left.Addresses, right.Addresses, static (GatewaySpecAddress a, GatewaySpecAddress b) => a == b)
        && left.Pools.SequenceEqual(right.Pools) && left.ListenerIds.SequenceEqual(right.ListenerIds) && left.BackendKeys.SequenceEqual(right.BackendKeys);

    private static bool AreSame(ListenerStatus left, ListenerStatus right) =>
        left.Name == right.Name && left.Port == right.Port && left.AttachedRoutes == right.AttachedRoutes
        && left.SupportedKinds.SequenceEqual(right.SupportedKinds) && left.Conditions.SequenceEqual(right.Conditions);

    private static bool AreSame(CertificateDetails? left, CertificateDetails? right) =>
        left is null || right is null
            ? ReferenceEquals(left, right)
            : left.KeyFingerprint == right.KeyFingerprint && left.Fingerprint == right.Fingerprint && left.ManagedFor == right.ManagedFor && left.NotBefore == right.NotBefore && left.NotAfter == right.NotAfter && left.DnsNames.SequenceEqual(right.DnsNames);

    private static bool Same<T>(IReadOnlyList<T>? left, IReadOnlyList<T>? right, Func<T, T, bool> same)
    {
        if (left is null || right is null)
            return ReferenceEquals(left, right);
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!same(left[i], right[i]))
                return false;
        }
        return true;
    }
}
