using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;

namespace Gatehouse.Sync.Observing;

/// <summary>What was found out about a cluster: installed kinds and GatewayClasses.</summary>
internal sealed class ClusterFindings
{
    private readonly Dictionary<string, InstalledKind> _kinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ReportedClass> _classes = new(StringComparer.Ordinal);
    private bool _kindsKnown;
    private bool _classesKnown;
    private bool? _endpointSlices;

    /// <summary>Whether all of it was looked at.</summary>
    public bool AreComplete => _kindsKnown && _classesKnown && _endpointSlices is not null;

    public IReadOnlyCollection<ReportedClass> Classes => _classes.Values;

    public string? Bundle => _kinds.Values.Select(static kind => kind.Bundle).Where(static bundle => bundle.Length > 0).Max(StringComparer.Ordinal);

    public string? Channel => _kinds.Count == 0 ? null : _kinds.Values.Any(static kind => kind.Channel == "experimental") ? "experimental" : "standard";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Versions =>
        _kinds.Values.Where(static kind => kind.Versions.Count > 0).OrderBy(static kind => kind.Kind, StringComparer.Ordinal)
            .ToDictionary(static kind => kind.Kind, static kind => kind.Versions, StringComparer.Ordinal);

    /// <summary>Takes the definitions as they all are; true: something differs.</summary>
    public bool TakeKinds(IEnumerable<InstalledKind> kinds)
    {
        var differs = !_kindsKnown;
        _kindsKnown = true;
        var now = kinds.DistinctBy(static kind => kind.Kind).ToDictionary(static kind => kind.Kind, StringComparer.Ordinal);
        differs |= now.Count != _kinds.Count || now.Any(pair => !pair.Value.Equals(_kinds.GetValueOrDefault(pair.Key)));
        _kinds.Clear();
        foreach (var (name, kind) in now)
            _kinds[name] = kind;
        return differs;
    }

    /// <summary>Takes one definition; true: something differs.</summary>
    public bool TakeKind(InstalledKind kind, bool isGone)
    {
        if (isGone)
            return _kinds.Remove(kind.Kind);
        if (kind.Equals(_kinds.GetValueOrDefault(kind.Kind)))
            return false;
        _kinds[kind.Kind] = kind;
        return true;
    }

    /// <summary>Takes the classes as they all are; true: what can be projected may differ.</summary>
    public bool TakeClasses(IEnumerable<ReportedClass> classes)
    {
        var before = Features();
        var differs = !_classesKnown;
        _classesKnown = true;
        _classes.Clear();
        foreach (var one in classes)
            _classes[one.Name] = one;
        return differs || !AreEqual(before, Features());
    }

    /// <summary>Takes one class; true: what can be projected may differ.</summary>
    public bool TakeClass(ReportedClass one, bool isGone)
    {
        var before = Features();
        if (isGone)
            _classes.Remove(one.Name);
        else
            _classes[one.Name] = one;
        return !AreEqual(before, Features());
    }

    /// <summary>Takes whether EndpointSlices are served; true: that is news.</summary>
    public bool TakeEndpointSlices(bool served)
    {
        var differs = _endpointSlices != served;
        _endpointSlices = served;
        return differs;
    }

    public ClusterCapabilities ToCapabilities() => new()
    {
        Versions = Versions,
        Fields = _kinds.Values.Where(static kind => kind.Fields.Count > 0).ToDictionary(static kind => kind.Kind, static kind => kind.Fields, StringComparer.Ordinal),
        Channel = Channel ?? "standard",
        BundleVersion = Bundle ?? "",
        Classes = Features(),
        EndpointSlices = _endpointSlices ?? true,
    };

    private Dictionary<string, IReadOnlySet<string>> Features() => _classes.Values.ToDictionary(
        static one => one.Name,
        static IReadOnlySet<string> (one) => new SortedSet<string>(one.SupportedFeatures ?? [], StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static bool AreEqual(Dictionary<string, IReadOnlySet<string>> one, Dictionary<string, IReadOnlySet<string>> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var features) && features.SetEquals(pair.Value));
}
