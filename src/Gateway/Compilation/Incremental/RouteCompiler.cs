using Gatehouse.Gateway.Compilation.Attach;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Runs the passes over one route.</summary>
internal static class RouteCompiler
{
    private static readonly string[] AnyHostname = [HostnameSet.Any];

    private static readonly Verdict NotOurs = Verdict.Unknown(
        Reasons.Accepted,
        Reasons.Pending,
        "No parentRef names a Gateway or ListenerSet that is served here: the Gateway's class is missing or another controller's.");

    public static CompiledRoute Compile(Resource route, Reads reads)
    {
        var shape = RouteShape.Of(route);
        var rules = shape.CompileRules(reads);
        var hostnames = HostnamesOf(shape);
        var attacher = new RouteAttacher(route.Key, hostnames, reads);
        var implied = shape.AttachesByHostname && shape.ParentRefs is not { Count: > 0 };
        var parents = implied ? ImpliedParents(route.Key.Tenant, hostnames, attacher, reads) : NamedParents(route.Key.Tenant, shape, attacher, reads);
        if (shape.DefaultGateways == "All")
            AddDefaults(route.Key.Tenant, shape, parents, attacher, reads);
        var hosts = DistinctOf(parents, parent => parent.Hosts);
        Array.Sort(hosts);
        var clusterRules = Array.Exists(hosts, static host => ClusterPool.IsCluster(host.Pool)) ? shape.CompileRules(reads.ForClusters) : null;
        return new CompiledRoute
        {
            Key = route.Key,
            CreatedAt = route.CreatedAt,
            Generation = route.Generation,
            Rules = rules,
            ClusterRules = clusterRules,
            Hostnames = hostnames,
            Parents = parents,
            ParentsAreImplied = implied,
            NoParents = parents.Count > 0 ? null : implied ? NoHostname(route.Key.Tenant, hostnames) : shape.ParentRefs is { Count: > 0 } ? NotOurs : NeedsParents(route.Key.Kind),
            Hosts = hosts,
            Serving = DistinctOf(parents, parent => parent.Serving),
            Attached = (clusterRules ?? rules).Refused is null ? DistinctOf(parents, parent => parent.Listeners) : [],
        };
    }

    private static T[] DistinctOf<T>(List<ParentAttachment> parents, Func<ParentAttachment, IReadOnlyList<T>> select)
    {
        if (parents is [var only] && select(only) is { Count: <= 1 } few)
            return [.. few];
        return [.. parents.SelectMany(select).Distinct()];
    }

    private static string[] HostnamesOf(RouteShape shape) =>
        shape.Hostnames is { Count: > 0 } hostnames ? [.. hostnames.Select(hostname => hostname.ToLowerInvariant()).Distinct()] : AnyHostname;

    // Without parentRefs a route attaches to each Hostname of its tenant that it has names in common with.
    private static List<ParentAttachment> ImpliedParents(string tenant, string[] hostnames, RouteAttacher attacher, Reads reads)
    {
        var parents = new List<ParentAttachment>();
        foreach (var hostname in reads.HostnamesOf(tenant, hostnames))
        {
            var reference = new ParentReference { Group = ResourceKind.GatewayApiGroup, Kind = ResourceKind.ListenerSet, Name = hostname.Key.Name };
            if (attacher.Attach(reference, hostname) is { } parent)
                parents.Add(parent);
        }
        return parents;
    }

    private static List<ParentAttachment> NamedParents(string tenant, RouteShape shape, RouteAttacher attacher, Reads reads)
    {
        var parents = new List<ParentAttachment>();
        foreach (var reference in shape.ParentRefs ?? [])
        {
            var kind = reference.Kind ?? ResourceKind.Gateway;
            if ((reference.Group ?? ResourceKind.GatewayApiGroup) != ResourceKind.GatewayApiGroup || kind is not (ResourceKind.Gateway or ResourceKind.ListenerSet))
                continue;
            if (attacher.Attach(reference, reads.Parent(kind, reference.Namespace ?? tenant, reference.Name)) is { } parent)
                parents.Add(parent);
        }
        return parents;
    }

    // "the Gateway will claim any Route with a matching scope …, subject to the usual rules about which routes the Gateway can attach to"
    // (https://gateway-api.sigs.k8s.io/geps/gep-3793/). Those that do not take it say nothing, for nobody named them.
    private static void AddDefaults(string tenant, RouteShape shape, List<ParentAttachment> parents, RouteAttacher attacher, Reads reads)
    {
        foreach (var key in reads.DefaultGatewaysOf(tenant))
        {
            if (shape.ParentRefs?.Any(named => named.Name == key.Name && (named.Namespace ?? tenant) == key.Tenant && (named.Kind ?? ResourceKind.Gateway) == ResourceKind.Gateway) == true)
                continue;
            var reference = new ParentReference { Group = ResourceKind.GatewayApiGroup, Kind = ResourceKind.Gateway, Namespace = key.Tenant, Name = key.Name };
            if (attacher.Attach(reference, reads.Parent(ResourceKind.Gateway, key.Tenant, key.Name)) is { Accepted.IsTrue: true } parent)
                parents.Add(parent);
        }
    }

    private static Verdict NeedsParents(string kind) => Verdict.False(
        Reasons.Accepted, Reasons.NoMatchingParent, $"A {kind} has no hostnames to find its listeners by: name a Gateway or ListenerSet in parentRefs.");

    private static Verdict NoHostname(string tenant, string[] hostnames) => Verdict.False(
        Reasons.Accepted,
        Reasons.NoMatchingParent,
        hostnames is [HostnameSet.Any]
            ? $"Tenant `{tenant}` has no Hostname: claim one first, or name parentRefs."
            : $"Claim `{hostnames[0]}` first: tenant `{tenant}` has no Hostname that the route's hostnames are part of.");
}
