using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>ClusterNamespace, our kind. Whose the Namespace is already is for who knows the others to check.</summary>
internal static class ClusterNamespaces
{
    public const string Created = "Created";
    public const string Adopted = "Adopted";

    private const string SystemPrefix = "kube-";
    private const string DefaultNamespace = "default";

    private static readonly TextChoice Modes = new(Created, Adopted);

    public static ClusterNamespaceSpec Read(ObjectReader spec)
    {
        var assigned = new ClusterNamespaceSpec
        {
            Namespace = spec.RequiredText("namespace", NameFormat.Label),
            Mode = spec.Text("mode", Modes),
            Drift = spec.Text("drift", Clusters.Drifts),
        };
        if (assigned.Namespace.StartsWith(SystemPrefix, StringComparison.Ordinal))
            spec.Report(ErrorCodes.NotAllowed, $"Name another Namespace: those that begin with '{SystemPrefix}' are Kubernetes' own.", "namespace");
        else if (assigned.Namespace == DefaultNamespace && assigned.Mode != Adopted)
            spec.Report(ErrorCodes.NotAllowed, $"Set 'mode' to {Adopted}, or name another Namespace: Kubernetes makes '{DefaultNamespace}' itself.", "namespace");
        return assigned;
    }
}
