using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Attach;

/// <summary>
/// Attaches a route to the listeners of one parent (https://gateway-api.sigs.k8s.io/reference/spec/#parentreference): those that
/// sectionName and port select, whose allowedRoutes admit it, and with whose hostname it has names in common.
/// </summary>
/// <param name="route">The route.</param>
/// <param name="hostnames">Its hostnames; <see cref="HostnameSet.Any"/> if it has none.</param>
/// <param name="reads">What it may read.</param>
internal sealed class RouteAttacher(ResourceKey route, IReadOnlyList<string> hostnames, Reads reads)
{
    /// <summary>How the route stands with a parent; null: the parent is not ours, so no entry is written.</summary>
    public ParentAttachment? Attach(ParentReference reference, SourceNode? parent)
    {
        var foreignTenant = (reference.Namespace ?? route.Tenant) != route.Tenant;
        var what = $"{reference.Kind ?? ResourceKind.Gateway} `{reference.Name}`";
        if (parent?.Model is { IsForeign: true })
            return null;
        var admitting = (parent?.Listeners ?? []).Where(Admits).ToArray();
        // Another tenant's parent that admits nothing of ours and one that does not exist look the same from here.
        if (foreignTenant && admitting.Length == 0)
            return Refuse(reference, Reasons.NotAllowedByListeners, $"No listener of {what} in tenant `{reference.Namespace}` admits {route.Kind} of tenant `{route.Tenant}`: its allowedRoutes must say so.");
        if (parent?.Model is null)
            return Refuse(reference, Reasons.NoMatchingParent, $"Tenant `{route.Tenant}` has no {what}.");
        if (parent is { Key.Kind: ResourceKind.Gateway, Model: { Problem: not null, Listeners.Count: 0 } })
            return null;
        if (parent.Model is { Problem: { } problem, Listeners.Count: 0 })
            return Refuse(reference, Reasons.NoMatchingParent, $"{what} has no listeners: {problem.Message}");
        var selected = parent.Listeners.Where(listener => IsSelected(reference, listener)).ToArray();
        if (selected.Length == 0)
            return Refuse(reference, Reasons.NoMatchingParent, $"No listener of {what} has {Selection(reference)}.");
        var allowed = selected.Intersect(admitting).ToArray();
        return allowed.Length == 0
            ? Refuse(reference, Reasons.NotAllowedByListeners, $"No listener of {what} that is meant admits {route.Kind} of tenant `{route.Tenant}`: see its allowedRoutes.")
            : AttachTo(reference, what, allowed);
    }

    private ParentAttachment AttachTo(ParentReference reference, string what, ListenerState[] listeners)
    {
        var hosts = new SortedSet<HostKey>();
        var attached = new List<string>();
        var refusals = new List<string>();
        var intersects = false;
        foreach (var listener in listeners)
        {
            var common = hostnames.Select(hostname => HostnameSet.Intersect(listener.Model.Hostname, hostname)).OfType<string>().Distinct().ToArray();
            intersects |= common.Length > 0;
            var granted = common.Where(hostname => IsGranted(listener.Model, hostname, refusals)).ToArray();
            if (granted.Length == 0)
                continue;
            attached.Add(listener.Model.Id);
            if (listener.Serves)
                hosts.UnionWith(granted.Select(hostname => new HostKey(listener.Pool, listener.Model.Id, hostname)));
            else
                refusals.Add($"Listener `{listener.Model.Spec.Name}` of {what} does not serve: {(listener.Conflict ?? listener.Model.Accepted).Message}");
        }
        if (hosts.Count > 0)
            return new ParentAttachment(reference, AcceptedWith(refusals), [.. hosts], attached);
        if (attached.Count > 0)
            return Refuse(reference, Reasons.NoMatchingParent, refusals[0]);
        return intersects
            ? Refuse(reference, Reasons.NoMatchingListenerHostname, Join(refusals))
            : Refuse(reference, Reasons.NoMatchingListenerHostname, $"No hostname of the route is one that the listeners of {what} take.");
    }

    private static Verdict AcceptedWith(List<string> refusals) =>
        refusals.Count == 0 ? Verdict.Accepted : Verdict.True(Reasons.Accepted, Reasons.Accepted, $"Accepted, but not everywhere: {Join(refusals)}");

    private static string Join(List<string> refusals) => string.Join("; ", refusals.Distinct());

    // A listener of the route's own tenant was granted its hostname already; a narrower name may be somebody else's.
    private bool IsGranted(ListenerModel listener, string hostname, List<string> refusals)
    {
        if (!listener.Gateway.Shared || (listener.Tenant == route.Tenant && listener.Hostname == hostname && hostname != HostnameSet.Any))
            return true;
        if (reads.RefuseHostname(hostname, route.Tenant) is not { } refusal)
            return true;
        refusals.Add(refusal);
        return false;
    }

    private bool Admits(ListenerState listener) =>
        listener.Model.SupportedKinds.Any(kind => kind.Kind == route.Kind)
        && LabelSelection.Admits(listener.Model.Spec.AllowedRoutes?.Namespaces, "Same", listener.Model.Tenant, route.Tenant, reads.Tenant);

    private static bool IsSelected(ParentReference reference, ListenerState listener) =>
        (string.IsNullOrEmpty(reference.SectionName) || reference.SectionName == listener.Model.Spec.Name)
        && (reference.Port is null || reference.Port == listener.Model.Spec.Port);

    private static string Selection(ParentReference reference) => (reference.SectionName, reference.Port) switch
    {
        ({ } name, { } port) => $"name `{name}` and port {port}",
        ({ } name, null) => $"name `{name}`",
        _ => $"port {reference.Port}",
    };

    private static ParentAttachment Refuse(ParentReference reference, string reason, string message) =>
        new(reference, Verdict.False(Reasons.Accepted, reason, message), [], []);
}
