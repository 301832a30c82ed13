using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Projection.Gateways;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Routes;

/// <summary>Routes of all kinds: their parents and hostnames as the compiler attached them, their rules as they were written, with the cluster's names.</summary>
internal sealed class RouteProjection
{
    private readonly ProjectionRun _run;
    private readonly GatewayProjection _gateways;
    private readonly ReferenceWriter _references;
    private readonly Dictionary<string, ResolvedListener> _listeners;

    public RouteProjection(ProjectionRun run, GatewayProjection gateways, ReferenceWriter references)
    {
        _run = run;
        _gateways = gateways;
        _references = references;
        _listeners = run.Resolved.Objects.Values
            .SelectMany(static resolved => resolved switch
            {
                ResolvedGateway gateway => gateway.Listeners,
                ResolvedSource source => source.Listeners,
                _ => [],
            })
            .Where(listener => listener.Model.Gateway.Pool == run.Pool)
            .ToDictionary(static listener => listener.Model.Id, StringComparer.Ordinal);
    }

    public void AddObjects()
    {
        foreach (var route in _run.Routes)
        {
            _run.Concerns(route.Resource);
            Add(route);
        }
    }

    private void Add(ResolvedRoute route)
    {
        if (!_run.Namespaces.Admits(route.Key.Tenant, route.Key) || _run.VersionOf(route.Key.Kind, route.Key) is not { } version)
            return;
        var points = AttachPoints.Of(route.Compiled, _gateways.Places, _listeners, _run.Pool, _gateways.Withheld);
        if (points.Count == 0)
        {
            _run.Report(route.Key, ProblemSeverity.Refused, ProjectionReasons.NotExpressible, $"None of its listeners is in cluster `{_run.Cluster.Name}`: see what their Gateway says.");
            return;
        }
        var target = TargetOf(points[0], route);
        if (RulesOf(route, target) is not { } rules)
            return;
        var scope = $"{route.Key.Kind}/{route.Key.Tenant}/{route.Key.Name}";
        var (shards, assigned) = RouteShards.Of(route.Compiled.Hostnames, points, hostname => AgeOf(route, hostname), _run.ShardsOf(scope));
        _run.Remember(scope, assigned);
        foreach (var shard in shards)
            Add(route, shard, rules, version, target);
    }

    private JsonArray? RulesOf(ResolvedRoute route, GatewayClassTarget? target)
    {
        var rules = RuleWriter.Write(route.Route, _references.For(route), out var problem);
        if (problem is not null)
        {
            _run.Report(route.Key, ProblemSeverity.Refused, ProjectionReasons.NotExpressible, problem);
            return null;
        }
        FilterGate.Prune(route.Key.Kind, rules, _run, route.Key);
        RedirectPorts.Write(rules, PortsOf(route), target, _run, route.Key);
        _run.Fields.Prune(route.Key.Kind, rules, "spec.rules", route.Key);
        Features.Check(route, rules, target, _run);
        return _run.IsRefused(route.Key) ? null : rules;
    }

    private void Add(ResolvedRoute route, RouteShard shard, JsonArray rules, string version, GatewayClassTarget? target)
    {
        var ns = _run.Namespaces.Of(route.Key.Tenant);
        var spec = new JsonObject { ["parentRefs"] = new JsonArray([.. shard.Parents.Select(point => point.Write(ns))]) };
        if (shard.Hostnames is { } hostnames && route.Key.Kind is not (ResourceKind.TcpRoute or ResourceKind.UdpRoute))
            spec["hostnames"] = new JsonArray([.. hostnames.Select(static hostname => JsonValue.Create(hostname))]);
        spec["rules"] = rules.DeepClone();
        _run.Add(new ObjectDraft
        {
            Id = new ProjectedId(version, route.Key.Kind, ns, ProjectedNames.ShardOf(route.Key.Name, shard.Index)),
            Source = route.Key,
            SourceGeneration = route.Resource.Generation,
            Tenant = route.Key.Tenant,
            RepairsDrift = _run.RepairsDrift(route.Resource, target),
            ExternalWeights = string.Equals(route.Resource.Annotations.GetValueOrDefault(ObjectMarks.Weights), "external", StringComparison.OrdinalIgnoreCase),
            Annotations = target?.Annotations?.Routes ?? new Dictionary<string, string>(),
            Content = [("spec", spec)],
        });
    }

    private IEnumerable<(int Written, int InCluster)> PortsOf(ResolvedRoute route) =>
        route.Compiled.Hosts.Where(host => host.Pool == _run.Pool && _gateways.Places.ContainsKey(host.Listener))
            .Select(host => (_listeners[host.Listener].Model.Spec.Port, _gateways.Places[host.Listener].Port)).Distinct();

    private GatewayClassTarget? TargetOf(AttachPoint point, ResolvedRoute route)
    {
        var listener = route.Compiled.Hosts.FirstOrDefault(host => host.Pool == _run.Pool && _gateways.Places.TryGetValue(host.Listener, out var place) && place.Parent == point.Parent).Listener;
        return listener is not null && _run.Find<ResolvedGateway>(_listeners[listener].Model.Gateway.Key) is { } gateway
            ? _run.ClassOf(gateway.Gateway.Spec.GatewayClassName)?.Class.Spec.Target
            : null;
    }

    // A name is as old as the first listener that serves it.
    private DateTimeOffset AgeOf(ResolvedRoute route, string hostname) =>
        route.Compiled.Hosts.Where(host => host.Pool == _run.Pool && host.Hostname == hostname && _listeners.ContainsKey(host.Listener)).Min(host => _listeners[host.Listener].Model.SourceCreatedAt);
}
