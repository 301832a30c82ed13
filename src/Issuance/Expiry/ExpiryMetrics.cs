using System.Diagnostics.Metrics;

namespace Gatehouse.Issuance.Expiry;

/// <summary>How many certificates end soon. Labels name thresholds and where certificates come from, nothing of tenants.</summary>
internal sealed class ExpiryMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Gatehouse.Issuance";

    private static readonly string[] Buckets = ["expired", "1d", "7d", "14d", "30d"];

    private readonly Meter _meter;
    private volatile Tally? _tally;

    public ExpiryMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _meter.CreateObservableGauge("gatehouse.certificates.expiring", Counts, "{certificate}", "Certificates by the narrowest threshold before their end that they have passed.");
        _meter.CreateObservableGauge("gatehouse.certificates.first.end", Ends, "s", "Time until the first certificate ends; negative: it has.");
    }

    /// <summary>What the last look found.</summary>
    /// <param name="tally">Counts.</param>
    public void Set(Tally tally) => _tally = tally;

    /// <summary>The bucket of a threshold.</summary>
    public static string BucketOf(TimeSpan threshold) => threshold == TimeSpan.Zero ? Buckets[0] : threshold.TotalDays switch
    {
        <= 1 => Buckets[1],
        <= 7 => Buckets[2],
        <= 14 => Buckets[3],
        _ => Buckets[4],
    };

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Counts()
    {
        if (_tally is not { } tally)
            yield break;
        foreach (var managed in new[] { false, true })
        {
            // Zeros too: an alert that looks for a series that is not there never fires, and never ends.
            foreach (var bucket in Buckets)
                yield return new Measurement<long>(tally.Counts.GetValueOrDefault((bucket, managed)), new("within", bucket), new("source", managed ? "managed" : "uploaded"));
        }
    }

    private IEnumerable<Measurement<double>> Ends() => _tally is { FirstEnd: { } end } tally ? [new Measurement<double>((end - tally.Clock.GetUtcNow()).TotalSeconds)] : [];

    /// <summary>What a look found.</summary>
    /// <param name="Counts">Certificates by bucket and whether they are managed.</param>
    /// <param name="FirstEnd">The first end of all; null: there is no certificate.</param>
    /// <param name="Clock">The time.</param>
    internal sealed record Tally(IReadOnlyDictionary<(string Bucket, bool IsManaged), long> Counts, DateTimeOffset? FirstEnd, TimeProvider Clock);
}
