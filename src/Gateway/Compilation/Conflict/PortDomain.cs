using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Inputs;

namespace Gatehouse.Gateway.Compilation.Conflict;

/// <summary>
/// The listeners of one (pool, address, port): of those that cannot be told apart the first by <see cref="ListenerPrecedence"/>
/// wins; if the first ones are of one object, none does
/// (https://gateway-api.sigs.k8s.io/reference/spec/#listenerconditiontype, Conflicted).
/// </summary>
internal sealed class PortDomain
{
    private const string Scope = "";

    private readonly Dictionary<ProtocolFamily, SortedSet<ListenerState>> _families = [];
    private readonly Dictionary<(ProtocolFamily Family, string Hostname), object> _names = [];

    private readonly NameTree<ListenerState> _tlsNames = new();

    public bool IsEmpty => _families.Count == 0;

    /// <summary>Enters a listener.</summary>
    /// <param name="listener">Listener; its model must not change while it is here.</param>
    /// <param name="affected">Takes those whose outcome may change.</param>
    public void Add(ListenerState listener, ISet<ListenerState> affected)
    {
        var (family, hostname) = PlaceOf(listener);
        var before = Winners();
        if (!_families.TryGetValue(family, out var members))
            _families[family] = members = new SortedSet<ListenerState>(ListenerPrecedence.Order);
        members.Add(listener);
        _names[(family, hostname)] = Several<ListenerState>.Add(_names.GetValueOrDefault((family, hostname)), listener);
        if (family == ProtocolFamily.Tls)
            _tlsNames.Add(Scope, hostname, listener);
        Affect(before, (family, hostname), affected);
    }

    /// <summary>Takes a listener out.</summary>
    public void Remove(ListenerState listener, ISet<ListenerState> affected)
    {
        var (family, hostname) = PlaceOf(listener);
        var before = Winners();
        if (!_families.TryGetValue(family, out var members) || !members.Remove(listener))
            return;
        if (members.Count == 0)
            _families.Remove(family);
        if (Several<ListenerState>.Remove(_names.GetValueOrDefault((family, hostname)), listener) is { } rest)
            _names[(family, hostname)] = rest;
        else
            _names.Remove((family, hostname));
        if (family == ProtocolFamily.Tls)
            _tlsNames.Remove(Scope, hostname, listener);
        Affect(before, (family, hostname), affected);
    }

    /// <summary>Conflicted=True for a listener that is here, or null.</summary>
    public Verdict? Judge(ListenerState listener)
    {
        var place = PlaceOf(listener);
        if (!Winners().HasFlag(place.Family))
            return Verdict.True(Reasons.Conflicted, Reasons.ProtocolConflict, $"Port {listener.Model.Spec.Port} serves another protocol: {listener.Model.Protocol} cannot share it.");
        if (ReferenceEquals(_names[place], listener))
            return null;
        var rivals = Several<ListenerState>.All(_names[place]).Order(ListenerPrecedence.Order).ToArray();
        if (rivals.Length == 1 || (rivals[0] == listener && rivals[1].Model.Source != listener.Model.Source))
            return null;
        var first = rivals[0] == listener ? rivals[1] : rivals[0];
        return Verdict.True(Reasons.Conflicted, ReasonOf(listener, rivals), Message(listener, first));
    }

    /// <summary>
    /// Whether another listener here takes some of its TLS names: "Controllers MUST detect the presence of overlapping hostnames"
    /// (https://gateway-api.sigs.k8s.io/reference/spec/#listenerconditiontype, OverlappingTLSConfig).
    /// </summary>
    public bool Overlaps(ListenerState listener)
    {
        var (family, hostname) = PlaceOf(listener);
        return family == ProtocolFamily.Tls && _tlsNames.AnyIntersecting(Scope, hostname, other => other != listener);
    }

    // HTTPS and TLS are told apart by nothing but their names; TCP and UDP have none.
    private static string ReasonOf(ListenerState listener, ListenerState[] rivals) =>
        PlaceOf(listener).Family is ProtocolFamily.Tcp or ProtocolFamily.Udp ? Reasons.ListenerConflict
        : rivals.Any(rival => rival.Model.Protocol != listener.Model.Protocol) ? Reasons.ProtocolConflict
        : Reasons.HostnameConflict;

    // Names the winner only where its owner is the same: another tenant's objects are its own affair.
    private static string Message(ListenerState listener, ListenerState first)
    {
        var port = listener.Model.Spec.Port;
        var names = PlaceOf(listener).Family is ProtocolFamily.Tcp or ProtocolFamily.Udp
            ? $"all {listener.Model.Protocol} traffic of port {port}"
            : $"hostname `{listener.Model.Hostname}` on port {port}";
        if (first.Model.Tenant != listener.Model.Tenant)
            return $"Another listener of the same address already takes {names}.";
        return first.Model.Source == listener.Model.Source
            ? $"Several listeners of this object take {names}: none of them serves."
            : $"Listener `{first.Model.Spec.Name}` of {first.Model.Source.Kind} `{first.Model.Source.Name}` already takes {names}.";
    }

    // The families that may serve: the first listener's, unless its own object also brings another one, and UDP beside it.
    private ProtocolFamily Winners()
    {
        var first = ProtocolFamily.None;
        foreach (var (family, members) in _families)
        {
            if (family != ProtocolFamily.Udp && (first == ProtocolFamily.None || ListenerPrecedence.Order.Compare(members.Min, _families[first].Min) < 0))
                first = family;
        }
        foreach (var (family, members) in _families)
        {
            if (family != ProtocolFamily.Udp && family != first && members.Min!.Model.Source == _families[first].Min!.Model.Source)
                first = ProtocolFamily.None;
            if (first == ProtocolFamily.None)
                break;
        }
        return _families.ContainsKey(ProtocolFamily.Udp) ? first | ProtocolFamily.Udp : first;
    }

    private void Affect(ProtocolFamily before, (ProtocolFamily Family, string Hostname) place, ISet<ListenerState> affected)
    {
        if (before != Winners())
            affected.UnionWith(_families.Values.SelectMany(members => members));
        else if (place.Family == ProtocolFamily.Tls)
            affected.UnionWith(_tlsNames.Intersecting(Scope, place.Hostname));
        else
            affected.UnionWith(Several<ListenerState>.All(_names.GetValueOrDefault(place)));
    }

    private static (ProtocolFamily Family, string Hostname) PlaceOf(ListenerState listener) =>
        (ProtocolFamilies.Of(listener.Model.Protocol), listener.Model.Hostname);
}
