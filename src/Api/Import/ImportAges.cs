using Gatehouse.Gateway.Manifests;

namespace Gatehouse.Api.Import;

/// <summary>
/// How old imported objects become; age decides between routes and listeners that claim the same. A platform admin brings ages along, so that
/// what won in the cluster wins here. A tenant cannot make its objects older than others': only their order among themselves is kept.
/// </summary>
internal sealed class ImportAges
{
    /// <summary>Kubernetes was first released in 2014: older times are made up.</summary>
    private static readonly DateTimeOffset Oldest = new(2014, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DateTimeOffset _now;
    private readonly Dictionary<DateTimeOffset, int>? _ranks;

    public ImportAges(DateTimeOffset now, IEnumerable<Manifest> manifests, bool keep)
    {
        _now = now;
        if (keep)
            return;
        var times = manifests.Select(static manifest => manifest.CreatedAt).OfType<DateTimeOffset>().Distinct().Order();
        _ranks = times.Select(static (time, index) => (time, index)).ToDictionary(static pair => pair.time, static pair => pair.index);
    }

    /// <summary>Creation time of an object that is new here.</summary>
    public DateTimeOffset Of(Manifest manifest)
    {
        if (_ranks is not null)
            return _now.AddMicroseconds(manifest.CreatedAt is { } time ? _ranks[time] : _ranks.Count);
        if (manifest.CreatedAt is not { } created || created < Oldest || created > _now)
            return _now;
        return new DateTimeOffset(created.Ticks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}
