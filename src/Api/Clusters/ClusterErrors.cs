using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.Clusters;

internal static class ClusterErrors
{
    public static InvalidError NoWay { get; } = new(
        "/spec/kubeconfig", ErrorCodes.Required, "Write 'kubeconfig', or name 'kubeconfigFiles', or set 'inCluster' to true: there is exactly one way to a cluster.");

    public static InvalidError SeveralWays { get; } = new(
        "/spec/kubeconfig", ErrorCodes.NotAllowed, "Keep one of 'kubeconfig', 'kubeconfigFiles' and 'inCluster': there is exactly one way to a cluster.");

    public static Error NoTenant { get; } = new NoTenantError();

    /// <summary>A Namespace is one tenant's, in each cluster.</summary>
    public static Error Taken(string ns, string cluster, string tenant, ObjectReference? assignment) => new ConflictError(
        "namespace_taken",
        assignment is null
            ? $"Namespace `{ns}` of cluster `{cluster}` is the one that tenant `{tenant}` has without an assignment: assign another one to `{tenant}` under another prefix, or name another Namespace."
            : $"Namespace `{ns}` of cluster `{cluster}` is tenant `{tenant}`'s: name another one, or change that assignment first.")
    {
        Referrers = assignment is null ? null : [assignment],
    };

    private sealed record NoTenantError() : Error(ErrorKind.NotFound, "not_found", "There is no tenant of this name.");
}
