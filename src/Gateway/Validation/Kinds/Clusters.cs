using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>
/// Cluster, our kind, as far as its spec tells. An uploaded kubeconfig is no part of it: that there is exactly one way to the cluster is for
/// who knows the stored one to check.
/// </summary>
internal static class Clusters
{
    public static readonly TextChoice Drifts = new("Repair", "Report");

    private const int MaxFiles = 8;
    private const int MaxRanges = 64;
    private const int MaxWrites = 5_000;

    private static readonly TextFormat File = new(1, 4096, @"\A/[^\x00-\x1f\x7f]*\z", "an absolute path on the sync worker's machine");
    private static readonly TextFormat Context = new(1, 253);
    private static readonly TextFormat Prefix = new(1, 40, @"\A[a-z0-9][-a-z0-9]*\z", "lower-case letters, digits and '-', beginning with a letter or digit");
    private static readonly ParsedText AddressOrNetwork = new(64, IpText.IsAddressOrNetwork, "an IP address or a network such as '10.1.0.0/16'");

    public static ClusterSpec Read(ObjectReader spec)
    {
        var cluster = new ClusterSpec
        {
            InCluster = spec.Flag("inCluster"),
            KubeconfigFiles = spec.TextSet("kubeconfigFiles", new Count(1, MaxFiles), File),
            Context = spec.Text("context", Context),
            NamespacePrefix = spec.Text("namespacePrefix", Prefix),
            Drift = spec.Text("drift", Drifts),
            MaxWritesPerSecond = spec.Integer("maxWritesPerSecond", 1, MaxWrites),
            BackendAllow = spec.TextSet("backendAllow", Count.AtMost(MaxRanges), AddressOrNetwork),
        };
        if (cluster.InCluster != true)
            return cluster;
        if (cluster.KubeconfigFiles is not null)
            spec.Report(ErrorCodes.NotAllowed, "Remove 'kubeconfigFiles' or 'inCluster': there is one way to a cluster.", "kubeconfigFiles");
        if (cluster.Context is not null)
            spec.Report(ErrorCodes.NotAllowed, "Remove 'context': a service account has none.", "context");
        return cluster;
    }
}
