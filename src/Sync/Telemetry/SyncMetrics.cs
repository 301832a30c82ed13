using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gatehouse.Sync.Planning;
using Gatehouse.Sync.Writing;

namespace Gatehouse.Sync.Telemetry;

/// <summary>What the workers count. Labels name clusters and kinds, nothing of tenants.</summary>
internal sealed class SyncMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Gatehouse.Sync";

    private readonly Meter _meter;
    private readonly Counter<long> _writes;
    private readonly Counter<long> _repairs;
    private readonly Counter<long> _watchFailures;
    private readonly Histogram<double> _durations;
    private readonly ConcurrentDictionary<string, ClusterGauges> _clusters = new(StringComparer.Ordinal);

    public SyncMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _writes = _meter.CreateCounter<long>("gatehouse.sync.writes", "{write}", "Writes to clusters, by kind, reason and outcome.");
        _repairs = _meter.CreateCounter<long>("gatehouse.sync.repairs", "{repair}", "Objects that others had changed and that were put right.");
        _watchFailures = _meter.CreateCounter<long>("gatehouse.sync.watch.failures", "{failure}", "Watches that broke.");
        _durations = _meter.CreateHistogram<double>("gatehouse.sync.write.duration", "s", "How long writes took.");
        _meter.CreateObservableGauge("gatehouse.sync.queue", () => Read(static gauges => gauges.Queue), "{object}", "Objects that wait to be written or deleted.");
        _meter.CreateObservableGauge("gatehouse.sync.failed", () => Read(static gauges => gauges.Failed), "{object}", "Objects that cannot be written.");
        _meter.CreateObservableGauge("gatehouse.sync.lag", () => Read(static gauges => gauges.LagRevisions), "{revision}", "Revisions that the cluster lags behind.");
        _meter.CreateObservableGauge("gatehouse.sync.revision", () => Read(static gauges => gauges.Revision), "{revision}", "Revision that the cluster has entirely.");
        _meter.CreateObservableGauge("gatehouse.sync.lease.epoch", () => Read(static gauges => gauges.Epoch), "{epoch}", "Epoch of the lease that this worker holds; 0: none.");
        _meter.CreateObservableGauge("gatehouse.sync.reachable", () => Read(static gauges => gauges.IsReachable ? 1 : 0), "{cluster}", "Whether the cluster's API answers.");
    }

    public void Set(string cluster, ClusterGauges gauges) => _clusters[cluster] = gauges;

    public void Forget(string cluster) => _clusters.TryRemove(cluster, out _);

    public void NoteWrite(string cluster, WriteOrder order, WriteOutcome outcome, TimeSpan took)
    {
        var reason = order.Reason.ToString();
        _writes.Add(1, new("cluster", cluster), new("kind", order.Key.Kind), new("reason", reason), new("outcome", outcome.GetType().Name));
        _durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("cluster", cluster));
        if (order.Reason == WriteReason.Repair && outcome is Written)
            _repairs.Add(1, new("cluster", cluster), new("kind", order.Key.Kind));
    }

    public void NoteWatchFailure(string cluster, string watch) => _watchFailures.Add(1, new("cluster", cluster), new("kind", watch));

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Read(Func<ClusterGauges, long> value) =>
        [.. _clusters.Select(pair => new Measurement<long>(value(pair.Value), new KeyValuePair<string, object?>("cluster", pair.Key)))];
}

/// <summary>How a cluster stands.</summary>
internal sealed record ClusterGauges(int Queue, int Failed, long LagRevisions, long Revision, long Epoch, bool IsReachable);
