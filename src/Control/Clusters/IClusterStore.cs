using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Clusters;

/// <summary>
/// What sync workers keep in Postgres. Everything that is written names the lease's epoch, which is checked in the same transaction: a
/// worker that lost its lease writes nothing.
/// </summary>
public interface IClusterStore
{
    /// <summary>Takes or renews the lease of a cluster; null: another worker has it, or the cluster is gone.</summary>
    /// <param name="cluster">Id of the Cluster object.</param>
    /// <param name="holder">Name of the worker, unique for each process.</param>
    /// <param name="duration">How long it holds, by the database's clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<ClusterLease?> AcquireAsync(Guid cluster, string holder, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives a lease back, so that another worker need not wait.</summary>
    Task ReleaseAsync(ClusterLease lease, CancellationToken cancellationToken);

    /// <summary>The credentials of a cluster in the clear: a kubeconfig; null: none was uploaded.</summary>
    /// <exception cref="Persistence.PrivateKeys.UnreadableKeyException">It cannot be decrypted.</exception>
    Task<byte[]?> KubeconfigAsync(Guid cluster, CancellationToken cancellationToken);

    /// <summary>The private keys (PKCS#8) of certificates, in the clear for as long as the caller keeps them; what is missing is left out.</summary>
    Task<IReadOnlyDictionary<ResourceKey, byte[]>> PrivateKeysAsync(IReadOnlyCollection<CertificateKeyWanted> certificates, CancellationToken cancellationToken);

    /// <summary>The shards as they were stored last.</summary>
    Task<ShardAssignments> ShardsAsync(Guid cluster, CancellationToken cancellationToken);

    /// <summary>Stores shards.</summary>
    /// <exception cref="LeaseLostException">Another worker has taken over.</exception>
    Task SaveShardsAsync(ClusterLease lease, ShardAssignments shards, CancellationToken cancellationToken);

    /// <summary>Reports of objects as they were stored last.</summary>
    Task<IReadOnlyDictionary<ResourceKey, ClusterObjectReport>> ReportsAsync(Guid cluster, CancellationToken cancellationToken);

    /// <summary>The cluster's own report as it was stored last; null: no worker has reported.</summary>
    Task<ClusterReport?> ReportAsync(Guid cluster, CancellationToken cancellationToken);

    /// <summary>Stores reports (null: forgets one) and the cluster's own.</summary>
    /// <exception cref="LeaseLostException">Another worker has taken over.</exception>
    Task SaveReportsAsync(ClusterLease lease, ClusterReport report, IReadOnlyDictionary<ResourceKey, ClusterObjectReport?> changed, CancellationToken cancellationToken);

    /// <summary>
    /// The stored objects that revisions after one changed or deleted; null: that is not known any more (the database is older, or too much
    /// changed). A tenant that changed or is gone, with all that it had, is <c>Tenant/platform/NAME</c>; a claim is the Hostname of its name.
    /// </summary>
    Task<IReadOnlySet<ResourceKey>?> ChangedSinceAsync(long revision, CancellationToken cancellationToken);

    /// <summary>The oldest task of a cluster that nobody has done yet and somebody still waits for; null: there is none, or the lease is lost.</summary>
    Task<ClusterTask?> NextTaskAsync(ClusterLease lease, CancellationToken cancellationToken);

    /// <summary>Answers a task.</summary>
    /// <param name="lease">Lease.</param>
    /// <param name="id">Id of the task.</param>
    /// <param name="answer">JSON.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LeaseLostException">Another worker has taken over.</exception>
    Task AnswerAsync(ClusterLease lease, Guid id, string answer, CancellationToken cancellationToken);

    /// <summary>Ends when there may be tasks, at the latest after the given time.</summary>
    Task WaitForTasksAsync(TimeSpan longest, CancellationToken cancellationToken);
}

/// <summary>A certificate whose private key is wanted.</summary>
/// <param name="Key">The Certificate.</param>
/// <param name="KeyFingerprint">SHA-256 of the public key that was compiled.</param>
public sealed record CertificateKeyWanted(ResourceKey Key, string KeyFingerprint);

/// <summary>A lease on a cluster.</summary>
/// <param name="Cluster">Id of the Cluster object.</param>
/// <param name="Holder">Worker.</param>
/// <param name="Epoch">Grows each time another worker takes over.</param>
/// <param name="AskedAt">Timestamp of the local monotonic clock when it was last asked for: it holds from then.</param>
public sealed record ClusterLease(Guid Cluster, string Holder, long Epoch, long AskedAt);

/// <summary>The lease is another worker's.</summary>
public sealed class LeaseLostException(Guid cluster, long epoch) : Exception($"The lease on cluster {cluster} of epoch {epoch} is lost.");

/// <summary>Something that the API asks the worker of a cluster: the API itself never talks to clusters.</summary>
/// <param name="Id">Id.</param>
/// <param name="Kind">One of <see cref="ClusterTaskKind"/>.</param>
/// <param name="Request">JSON.</param>
public sealed record ClusterTask(Guid Id, string Kind, string Request);

/// <summary>Kinds of tasks. An answer <c>{problem: "…"}</c> says to whoever asked why it could not be done, and who must act.</summary>
public static class ClusterTaskKind
{
    /// <summary>What differs between the projection and the cluster. Request: <c>{tenant?}</c>.</summary>
    public const string Diff = "diff";

    /// <summary>What would be applied. Request: <c>{tenant?}</c>; answer: <c>{items: [manifests]}</c>.</summary>
    public const string Manifests = "manifests";

    /// <summary>What already runs in Namespaces. Request: <c>{namespaces?: []}</c>; answer: manifests.</summary>
    public const string Survey = "survey";

    /// <summary>A request through the cluster's addresses. Request: <c>{kind, tenant, name, hostname?, path, method, compare}</c>.</summary>
    public const string Probe = "probe";

    /// <summary>Confirms deletions that are held. Request: <c>{token}</c>.</summary>
    public const string Prune = "prune";
}
