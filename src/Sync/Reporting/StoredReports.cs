using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Sync.Reporting;

/// <summary>What was stored last: of each object a hash, so that only what changed is stored again.</summary>
internal sealed class StoredReports
{
    private readonly Dictionary<ResourceKey, byte[]> _hashes = [];
    private readonly Dictionary<(string Kind, string? Namespace, string Name), (ReportedObject Object, long Generation)> _objects = [];

    private readonly Dictionary<ResourceKey, ReportedProbe> _probes = [];

    public StoredReports(IReadOnlyDictionary<ResourceKey, ClusterObjectReport> reports)
    {
        foreach (var (key, report) in reports)
        {
            _hashes[key] = HashOf(report);
            if (report.Probe is { } probe)
                _probes[key] = probe;
            foreach (var one in report.Objects)
                _objects[(one.Kind, one.Namespace, one.Name)] = (one, report.Generation);
        }
    }

    /// <summary>Objects of the database that a report is stored of.</summary>
    public IEnumerable<ResourceKey> Keys => _hashes.Keys;

    /// <summary>What an earlier session said of an object in the cluster, and of which generation of its source; null: nothing.</summary>
    public (ReportedObject Object, long Generation)? Earlier(string kind, string? ns, string name) =>
        _objects.TryGetValue((kind, ns, name), out var found) ? found : null;

    /// <summary>The probe that an earlier session made; null: none.</summary>
    public ReportedProbe? ProbeOf(ResourceKey key) => _probes.GetValueOrDefault(key);

    public bool Differs(ResourceKey key, ClusterObjectReport report) => !_hashes.TryGetValue(key, out var hash) || !hash.AsSpan().SequenceEqual(HashOf(report));

    public void Note(IReadOnlyDictionary<ResourceKey, ClusterObjectReport?> stored)
    {
        foreach (var (key, report) in stored)
        {
            if (report is null)
                _hashes.Remove(key);
            else
                _hashes[key] = HashOf(report);
        }
    }

    private static byte[] HashOf(ClusterObjectReport report) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(report));
}
