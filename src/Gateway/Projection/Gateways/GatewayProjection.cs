using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Projection.Materials;
using Gatehouse.Gateway.Projection.Sharding;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Gateways;

/// <summary>
/// Gateways with their listeners, and ListenerSets where the class has them. Where it has none, the listeners of ListenerSets and Hostnames lie
/// in the Gateway itself, and in further ones of the same class when it is full.
/// </summary>
internal sealed class GatewayProjection(ProjectionRun run, MaterialProjection materials)
{
    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec, listeners.</summary>
    private const int MaxListeners = 64;

    /// <summary>Room that a Hostname keeps, so that its certificate finds a place later: plain HTTP and TLS.</summary>
    private const int ListenersOfHostname = 2;

    private readonly ListenerWriter _writer = new(run, materials);
    private readonly HashSet<string> _withheld = new(StringComparer.Ordinal);
    private readonly RedirectProjection _redirects = new(run);
    private readonly Dictionary<string, ListenerPlace> _places = new(StringComparer.Ordinal);
    private readonly SortedDictionary<ResourceKey, HashSet<ProjectedId>> _gatewaysOf = [];
    private readonly Dictionary<ProjectedId, Dictionary<int, int>> _clientPorts = [];
    private readonly Dictionary<ResourceKey, HashSet<(ProjectedId Parent, string Name)>> _listenersOf = [];

    /// <summary>Hostnames that the cluster must not serve.</summary>
    public IReadOnlySet<string> Withheld => _withheld;

    /// <summary>Where listeners are, by id.</summary>
    public IReadOnlyDictionary<string, ListenerPlace> Places => _places;

    /// <summary>The Gateways that carry each Hostname and ListenerSet.</summary>
    public IReadOnlyDictionary<ResourceKey, IReadOnlyList<ProjectedId>> GatewaysOf =>
        _gatewaysOf.ToDictionary(static entry => entry.Key, static entry => (IReadOnlyList<ProjectedId>)[.. entry.Value.Order()]);

    /// <summary>Listeners of Hostnames and ListenerSets among others of a Gateway.</summary>
    public IReadOnlyDictionary<ResourceKey, IReadOnlySet<(ProjectedId Parent, string Name)>> ListenersOf =>
        _listenersOf.ToDictionary(static entry => entry.Key, static entry => (IReadOnlySet<(ProjectedId, string)>)entry.Value);

    /// <summary>Ports that clients see, by what has the listeners and their ports there; only where those differ.</summary>
    public IReadOnlyDictionary<ProjectedId, IReadOnlyDictionary<int, int>> ClientPorts =>
        _clientPorts.ToDictionary(static entry => entry.Key, static entry => (IReadOnlyDictionary<int, int>)entry.Value);

    public void AddObjects()
    {
        var sources = run.All<ResolvedSource>()
            .SelectMany(static source => source.Listeners.Select(static listener => listener.Model.Gateway.Key).Distinct().Select(gateway => (Gateway: gateway, Source: source)))
            .ToLookup(static pair => pair.Gateway, static pair => pair.Source);
        foreach (var gateway in run.All<ResolvedGateway>().Where(gateway => gateway.Model.Pool == run.Pool))
        {
            run.Concerns(gateway.Resource);
            foreach (var source in sources[gateway.Key])
                run.Concerns(source.Resource);
            Add(gateway, [.. sources[gateway.Key].Where(Admits)]);
        }
        _redirects.AddObjects();
    }

    private bool Admits(ResolvedSource source)
    {
        if (HostnameOptions.Admit(source, run))
            return true;
        _withheld.Add(source.Key.Name);
        return false;
    }

    private void Add(ResolvedGateway gateway, IReadOnlyList<ResolvedSource> sources)
    {
        var target = run.ClassOf(gateway.Gateway.Spec.GatewayClassName)?.Class.Spec.Target;
        if (target?.GatewayClassName is not { } className)
            return;
        if (!run.Input.Capabilities.Classes.TryGetValue(className, out var features))
        {
            run.Report(gateway.Key, ProblemSeverity.Approximate, ProjectionReasons.GatewayClassNotFound,
                $"Cluster `{run.Cluster.Name}` has no GatewayClass `{className}`, so no controller serves its Gateways: the cluster's administrator must install one, or a platform admin names another in target.gatewayClassName.");
        }
        if (run.VersionOf(ResourceKind.Gateway, gateway.Key) is not { } version)
            return;
        if (gateway.Model is { IsDedicated: true, IsPlatform: true })
        {
            AddDedicated(gateway, sources, target, version);
            return;
        }
        var home = gateway.Model.IsPlatform && target.GatewayNamespace is { } shared ? shared : run.Namespaces.Of(gateway.Key.Tenant);
        if (home == target.GatewayNamespace && run.Namespaces.TenantOf(home) is { } owner && owner != ResourceKind.PlatformTenant)
        {
            run.Report(gateway.Key, ProblemSeverity.Refused, ProjectionReasons.NamespaceRefused,
                $"Namespace `{home}` of cluster `{run.Cluster.Name}` is a tenant's, so no shared Gateway is put into it: a platform admin must name another in target.gatewayNamespace.");
            return;
        }
        if (home != target.GatewayNamespace && !run.Namespaces.Admits(gateway.Key.Tenant, gateway.Key))
            return;
        var plan = new GatewayPlan(gateway, target, version, home, gateway.Key.Name, gateway.Key.Tenant);
        if (features?.Contains("ListenerSet") == true && run.Input.Capabilities.Versions.ContainsKey(ResourceKind.ListenerSet))
            AddWithSets(plan, sources);
        else
            AddSharded(plan, sources, withOwn: true);
    }

    // Each tenant has a Gateway of its own; the platform's is there for its own listeners alone.
    private void AddDedicated(ResolvedGateway gateway, IReadOnlyList<ResolvedSource> sources, GatewayClassTarget target, string version)
    {
        if (gateway.Listeners.Any(_writer.HasRoutes) && run.Namespaces.Admits(gateway.Key.Tenant, gateway.Key))
            AddSharded(new GatewayPlan(gateway, target, version, run.Namespaces.Of(gateway.Key.Tenant), gateway.Key.Name, gateway.Key.Tenant), [], withOwn: true);
        foreach (var group in sources.GroupBy(static source => source.Key.Tenant).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            var admitted = group.Where(source => run.Namespaces.Admits(group.Key, source.Key)).ToArray();
            var name = group.Key == gateway.Key.Tenant ? gateway.Key.Name : ProjectedNames.DedicatedOf(gateway.Key.Name);
            if (admitted.Length > 0)
                AddSharded(new GatewayPlan(gateway, target, version, run.Namespaces.Of(group.Key), name, group.Key), admitted, withOwn: false);
        }
    }

    private void AddWithSets(GatewayPlan plan, IReadOnlyList<ResolvedSource> sources)
    {
        var id = plan.IdOf(0);
        // Hostnames have objects of their own, so cert-manager looks at those alone.
        var own = OwnListeners(plan, id, MaxListeners, issues: false);
        var admitted = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            if (AddSet(plan, id, source))
                admitted.Add(run.Namespaces.Of(source.Key.Tenant));
        }
        AddGateway(plan, id, own, admitted, issues: false);
    }

    private bool AddSet(GatewayPlan plan, ProjectedId gateway, ResolvedSource source)
    {
        if (!run.Namespaces.Admits(source.Key.Tenant, source.Key) || run.VersionOf(ResourceKind.ListenerSet, source.Key) is not { } version)
            return false;
        var isHostname = source.Key.Kind == ResourceKind.Hostname;
        var several = source.Listeners.Select(static listener => listener.Model.Gateway.Key).Distinct().Count() > 1;
        var name = isHostname ? ProjectedNames.ListenerSetOf(source.Key.Name) : source.Key.Name;
        var id = new ProjectedId(version, ResourceKind.ListenerSet, run.Namespaces.Of(source.Key.Tenant), several ? ProjectedNames.Bounded($"{name}.{plan.Gateway.Key.Name}.{plan.Gateway.Key.Tenant}", 253) : name);
        var issues = CertManager.Issues(plan, source);
        var listeners = WriteAll(plan, source, id, listener => isHostname ? ProtocolOf(listener) : listener.Model.Spec.Name, issues, isAlone: true);
        if (listeners.Count == 0)
            return false;
        var reference = new JsonObject { ["group"] = ResourceKind.GatewayApiGroup, ["kind"] = ResourceKind.Gateway, ["name"] = gateway.Name };
        if (gateway.Namespace != id.Namespace)
            reference["namespace"] = gateway.Namespace;
        var spec = new JsonObject { ["parentRef"] = reference, ["listeners"] = listeners };
        run.Fields.Prune(ResourceKind.ListenerSet, spec, "spec", source.Key);
        Carry(source.Key, gateway);
        return !run.IsRefused(source.Key) && run.Add(plan.Draft(run, id, source.Resource, source.Key.Tenant, issues) with { Content = [("spec", spec)] });
    }

    private void AddSharded(GatewayPlan plan, IReadOnlyList<ResolvedSource> sources, bool withOwn)
    {
        var scope = $"{ResourceKind.Gateway}/{plan.Namespace}/{plan.Name}";
        var items = sources.Select(static source => new ShardItem(source.Key.ToString(), source.Resource.CreatedAt, new ShardCost(CostOf(source)))).ToArray();
        var own = withOwn ? plan.Gateway.Listeners.Count(static listener => listener.Serves && !listener.Model.IsWithoutCertificate) : 0;
        var shards = ShardPlanner.Assign(items, new ShardCost(MaxListeners), new ShardCost(Math.Min(own, MaxListeners)), run.ShardsOf(scope));
        run.Remember(scope, shards);
        foreach (var shard in shards.Values.Append(withOwn ? 0 : -1).Where(static shard => shard >= 0).Distinct().Order())
        {
            var id = plan.IdOf(shard);
            var members = sources.Where(source => shards[source.Key.ToString()] == shard).ToArray();
            var issues = members.Any(source => CertManager.Issues(plan, source));
            var listeners = shard == 0 && withOwn ? OwnListeners(plan, id, MaxListeners - members.Sum(CostOf), issues, members.Length == 0) : [];
            foreach (var source in members)
            {
                if (issues && Clashes(plan, source))
                    continue;
                foreach (var node in WriteAll(plan, source, id, listener => NameIn(source, listener), issues, isAlone: false))
                    listeners.Add((JsonNode)node!.DeepClone());
                Carry(source.Key, id);
            }
            AddGateway(plan, id, listeners, new HashSet<string>(), issues);
        }
    }

    // A Hostname or ListenerSet with an uploaded certificate, beside Hostnames that cert-manager issues for.
    private bool Clashes(GatewayPlan plan, ResolvedSource source)
    {
        if (!source.Listeners.Any(listener => listener.Model.Gateway.Key == plan.Gateway.Key && listener.Serves && CertManager.WritesOver(listener, plan.Namespace, run)))
            return false;
        run.Report(source.Key, ProblemSeverity.Refused, ProjectionReasons.NotExpressible,
            $"In cluster `{run.Cluster.Name}` cert-manager issues for all listeners of this Gateway and would write over the Secret of an uploaded certificate: delete that Certificate, or use a class whose controller has ListenerSets.");
        if (source.Key.Kind == ResourceKind.Hostname)
            _withheld.Add(source.Key.Name);
        return true;
    }

    private JsonArray OwnListeners(GatewayPlan plan, ProjectedId id, int room, bool issues, bool isAlone = true)
    {
        var listeners = new JsonArray();
        foreach (var listener in plan.Gateway.Listeners.Where(static listener => listener.Serves && !listener.Model.IsWithoutCertificate))
        {
            if (listeners.Count == room)
            {
                run.Report(plan.Gateway.Key, ProblemSeverity.Approximate, ProjectionReasons.TooMany,
                    $"Listener `{listener.Model.Spec.Name}` has no room in cluster `{run.Cluster.Name}`: a Gateway has at most {MaxListeners} listeners, and Hostnames have the others. Put it on a Gateway of its own.");
                continue;
            }
            if (issues && CertManager.WritesOver(listener, plan.Namespace, run))
            {
                run.Report(plan.Gateway.Key, ProblemSeverity.Approximate, ProjectionReasons.NotExpressible,
                    $"Listener `{listener.Model.Spec.Name}` is left out in cluster `{run.Cluster.Name}`: cert-manager issues for all listeners of this Gateway and would write over the Secret of its uploaded certificate. Make a Hostname of it, or put it on a Gateway of another class.");
                continue;
            }
            if (_writer.Write(listener, listener.Model.Spec.Name, id, plan.Target, issues) is not { } node)
                continue;
            listeners.Add((JsonNode)node);
            Put(listener, id, listener.Model.Spec.Name, plan, isAlone);
        }
        return listeners;
    }

    private JsonArray WriteAll(GatewayPlan plan, ResolvedSource source, ProjectedId parent, Func<ResolvedListener, string> nameOf, bool issues, bool isAlone)
    {
        var listeners = new JsonArray();
        foreach (var listener in source.Listeners.Where(listener => listener.Model.Gateway.Key == plan.Gateway.Key && listener.Serves && !listener.Model.IsWithoutCertificate))
        {
            var name = nameOf(listener);
            var redirects = RedirectProjection.Redirects(listener, source);
            if (_writer.Write(listener, name, parent, plan.Target, issues, redirects ? source.Key.Tenant : null) is not { } node)
                continue;
            listeners.Add((JsonNode)node);
            if (redirects)
                _redirects.Add(listener, new ListenerPlace(parent, name, ListenerWriter.PortOf(listener.Model.Spec.Port, plan.Target), isAlone), plan);
            else
                // Beside a listener that redirects, routes must name the other one.
                Put(listener, parent, name, plan, isAlone && !source.Listeners.Any(other => RedirectProjection.Redirects(other, source)));
        }
        return listeners;
    }

    private void Put(ResolvedListener listener, ProjectedId parent, string name, GatewayPlan plan, bool isAlone)
    {
        var written = listener.Model.Spec.Port;
        var port = ListenerWriter.PortOf(written, plan.Target);
        _places[listener.Model.Id] = new ListenerPlace(parent, name, port, isAlone);
        if (!isAlone && listener.Model.Source != plan.Gateway.Key)
            Sections(listener.Model.Source).Add((parent, name));
        if (port == written)
            return;
        if (!_clientPorts.TryGetValue(parent, out var ports))
            _clientPorts[parent] = ports = [];
        ports[port] = written;
    }

    private HashSet<(ProjectedId Parent, string Name)> Sections(ResourceKey source)
    {
        if (!_listenersOf.TryGetValue(source, out var sections))
            _listenersOf[source] = sections = [];
        return sections;
    }

    private void AddGateway(GatewayPlan plan, ProjectedId id, JsonArray listeners, IReadOnlySet<string> admitted, bool issues)
    {
        var source = plan.Gateway.Resource;
        if (listeners.Count == 0)
        {
            run.Report(source.Key, ProblemSeverity.Refused, ProjectionReasons.NotExpressible,
                $"A Gateway of cluster `{run.Cluster.Name}` needs a listener of its own that serves: mend one, or add one.");
            return;
        }
        var spec = GatewaySpecWriter.Write(plan, listeners, admitted, run, materials);
        run.Fields.Prune(ResourceKind.Gateway, spec, "spec", source.Key);
        if (!run.IsRefused(source.Key))
            run.Add(plan.Draft(run, id, source, plan.Tenant, issues) with { Content = [("spec", spec)] });
    }

    private void Carry(ResourceKey source, ProjectedId gateway)
    {
        if (!_gatewaysOf.TryGetValue(source, out var gateways))
            _gatewaysOf[source] = gateways = [];
        gateways.Add(gateway);
    }

    private static int CostOf(ResolvedSource source) => source.Key.Kind == ResourceKind.Hostname ? ListenersOfHostname : source.Listeners.Count;

    private static string NameIn(ResolvedSource source, ResolvedListener listener) => source.Key.Kind == ResourceKind.Hostname
        ? ProjectedNames.ListenerOf(ProtocolOf(listener), source.Key.Name)
        : ProjectedNames.ListenerOf(source.Key, listener.Model.Spec.Name);

    // A Hostname has one listener of each at most.
    private static string ProtocolOf(ResolvedListener listener) => listener.Model.Protocol.ToLowerInvariant();
}
