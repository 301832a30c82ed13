using System.Net;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Where a name leads.</summary>
internal enum Place
{
    /// <summary>Not known, for want of an answer or of our own addresses.</summary>
    Unknown,

    /// <summary>It has no address.</summary>
    Nowhere,

    /// <summary>To us alone.</summary>
    Here,

    /// <summary>To us and to others.</summary>
    Mixed,

    /// <summary>To others.</summary>
    Elsewhere,
}

/// <summary>Where a name leads, by each resolver, seen from our addresses.</summary>
internal sealed class TrafficView(HostnameExpectation expected, IReadOnlySet<IPAddress> edge, IReadOnlyList<ResolverView> views)
{
    private readonly List<(ResolverView View, Place Place)> _known =
        [.. views.Select(view => (View: view, Place: PlaceOf(expected, edge, view))).Where(static one => one.Place != Place.Unknown)];

    /// <summary>Our addresses; empty: unknown.</summary>
    public IReadOnlySet<IPAddress> Edge => edge;

    /// <summary>Those who know, and what they say.</summary>
    public IReadOnlyList<(ResolverView View, Place Place)> Known => _known;

    /// <summary>What most of those who know say.</summary>
    public Place Place => _known.Count == 0 ? Place.Unknown : _known.GroupBy(static one => one.Place).MaxBy(static group => group.Count())!.Key;

    /// <summary>Whether they say different things.</summary>
    public bool IsSplit => _known.Select(static one => one.Place).Distinct().Count() > 1;

    /// <summary>One who says what most say; null: nobody knows.</summary>
    public ResolverView? Spokesman => _known.FirstOrDefault(one => one.Place == Place).View;

    /// <summary>Whether the name leads to us alone.</summary>
    public bool? PointsHere => Place == Place.Unknown ? null : Place == Place.Here;

    /// <summary>The zone that the name is the apex of has the name itself; a resolver says so wherever it says which zone has nothing.</summary>
    public bool IsApex => !expected.IsWildcard && views.Any(view =>
        (view.Start.Through.Count == 0 && view.Start.Records.Any(record => record.Name == expected.Base))
        || view.Answers.Any(answer => answer.Zone == expected.Base && answer.Name.EndsWith(expected.Base, StringComparison.Ordinal)));

    /// <summary>Whether aliases lead through a name of ours.</summary>
    public static bool LeadsToUs(HostnameExpectation expected, ResolverView view) =>
        view.Through.Any(name => name == expected.EdgeName || name == expected.CnameTarget);

    private static Place PlaceOf(HostnameExpectation expected, IReadOnlySet<IPAddress> edge, ResolverView view)
    {
        if (!view.KnowsAddresses)
            return Place.Unknown;
        if (view.Addresses.Count == 0)
            return Place.Nowhere;
        if (edge.Count == 0)
            return LeadsToUs(expected, view) ? Place.Here : Place.Unknown;
        var ours = view.Addresses.Count(edge.Contains);
        return ours == view.Addresses.Count ? Place.Here : ours == 0 ? Place.Elsewhere : Place.Mixed;
    }
}
