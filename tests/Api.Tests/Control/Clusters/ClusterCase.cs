using Gatehouse.Contracts.Api;
using Gatehouse.Contracts.Feed;
using Gatehouse.Control;
using Gatehouse.Control.Clusters;
using Gatehouse.Control.Compiling;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Control.Replicas;
using Gatehouse.Control.Status;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Api.Tests.Control.Clusters;

/// <summary>A stored object of generation 3 in cluster `prod`, where everything is well unless a test says otherwise.</summary>
internal sealed record ClusterCase
{
    public const long Generation = 3;
    public const string Controller = "example.com/edge";
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly Snapshot Compiler = Snapshot.Empty with
    {
        Pools = new Dictionary<string, PoolTable>
        {
            ["kubernetes:prod"] = new(new MatchTable { Listeners = new Dictionary<string, ListenerEntry>(), Hosts = new Dictionary<string, HostEntry>(), Backends = new Dictionary<string, BackendEntry>() }, 0, 0),
        },
    };

    private static readonly ParentReference Own = new() { Name = "default", Namespace = "platform" };

    public string Kind { get; init; } = ResourceKind.HttpRoute;

    public IReadOnlyList<string> Pools { get; init; } = ["kubernetes:prod"];

    public IReadOnlyList<ReportedObject> Objects { get; init; } = [Route()];

    public IReadOnlyList<ReportedProblem> Problems { get; init; } = [];

    public ReportedProbe? Probe { get; init; }

    /// <summary>Generation that the worker speaks of; null: it has said nothing of the object.</summary>
    public long? Reported { get; init; } = Generation;

    /// <summary>What the worker says of the cluster; null: nothing.</summary>
    public ClusterReport? Cluster { get; init; } = Reachable;

    /// <summary>How long the objects have stood.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromSeconds(5);

    public IReadOnlyList<Condition> Compiled { get; init; } = [Good("Accepted"), Good("ResolvedRefs")];

    public IReadOnlyList<ListenerStatus>? Listeners { get; init; }

    public IReadOnlyList<ParentReference> ParentRefs { get; init; } = [Own];

    /// <summary>What data planes have applied; null: none is connected.</summary>
    public long? AppliedRevision { get; init; }

    /// <summary>What another cluster says of the object.</summary>
    public ClusterObjectReport? Staging { get; init; }

    public static ClusterReport Reachable { get; } = new()
    {
        Reachable = true,
        IsLoaded = true,
        ReportedAt = Start,
        Classes = [new ReportedClass("edge", Controller, [Says("Accepted", generation: 1)], ["HTTPRoute", "Gateway"])],
    };

    public ObjectStatus Status => Write().Status;

    public IReadOnlySet<string> Final => Write().Final;

    public ObjectCondition Condition(string type) => Status.Conditions.Single(condition => condition.Type == type);

    public (ObjectStatus Status, IReadOnlySet<string> Final) Write()
    {
        var clock = new MovableClock { Now = Start };
        var registry = new ReplicaRegistry(new ControlOptions { CompilerDatabase = "" }, new ChangeBell(), clock);
        if (AppliedRevision is { } applied)
            registry.Take(new Acknowledgement { Pool = "default", Replica = "r1", Version = "1", StartedAt = Start, AppliedRevision = applied, AppliedHash = "", Refusals = [], Sockets = [], Backends = [] });
        var reports = new FixedReports();
        if (Cluster is not null)
            reports.Clusters["prod"] = Cluster;
        var key = new ResourceKey(Kind, "shop", "web");
        if (Reported is { } generation)
            reports.Objects[("prod", key)] = new ClusterObjectReport { Generation = generation, Objects = [.. Objects.Select(Standing)], Problems = Problems, Probe = Probe };
        if (Staging is not null)
        {
            reports.Clusters["staging"] = Reachable;
            reports.Objects[("staging", key)] = Staging with { Objects = [.. Staging.Objects.Select(Standing)] };
        }

        var view = new ObjectViews(registry, new PrivateKeyFaults(), reports).Of(StatusOf(key), new EffectiveSince(9, Start), Compiler, clock.GetUtcNow());
        return new StatusWriter(view, new TransitionTimes(), Start, clock.GetUtcNow()).Write();
    }

    /// <summary>The route as it should be: applied, and accepted by its only parent.</summary>
    public static ReportedObject Route(params ReportedCondition[] conditions) => new()
    {
        Kind = ResourceKind.HttpRoute,
        Namespace = "team-shop",
        Name = "web",
        State = ObjectState.Applied,
        Generation = 7,
        Parents = [Parent(conditions.Length > 0 ? conditions : [Says("Accepted"), Says("ResolvedRefs")])],
    };

    public static ReportedObject EdgeGateway(params ReportedCondition[] conditions) => new()
    {
        Kind = ResourceKind.Gateway,
        Namespace = "infra",
        Name = "default-1",
        State = ObjectState.Applied,
        Generation = 7,
        ClassName = "edge",
        Conditions = conditions.Length > 0 ? conditions : [Says("Accepted"), Says("Programmed")],
        Addresses = [new GatewaySpecAddress { Type = "IPAddress", Value = "192.0.2.10" }],
    };

    public static ReportedParent Parent(params ReportedCondition[] conditions) =>
        new(new ParentReference { Name = "default-1", Namespace = "infra" }, Controller, conditions);

    public static ReportedCondition Says(string type, string status = "True", string? reason = null, string message = "", long? generation = 7) =>
        new(type, status, reason ?? type, message, generation);

    public static Condition Good(string type) => new(type, "True", type, "", Generation);

    private ReportedObject Standing(ReportedObject target) => target.Since is null ? target with { Since = Start - Age } : target;

    private ResourceStatus StatusOf(ResourceKey key) => new()
    {
        Key = key,
        Generation = Generation,
        Conditions = Compiled,
        Pools = Pools,
        Listeners = Listeners,
        ListenerIds = ["platform/Gateway/default/http"],
        ClusterClass = Kind == ResourceKind.GatewayClass ? "edge" : null,
        Parents = Kind.EndsWith("Route", StringComparison.Ordinal)
            ? [.. ParentRefs.Select(reference => new RouteParentStatus(reference, ResourceKind.ControllerName, Compiled))]
            : null,
        Ancestors = Kind == ResourceKind.BackendTlsPolicy ? [] : null,
    };
}

/// <summary>What workers are said to have reported.</summary>
internal sealed class FixedReports : IClusterReports
{
    public Dictionary<string, ClusterReport> Clusters { get; } = [];

    public Dictionary<(string Cluster, ResourceKey Key), ClusterObjectReport> Objects { get; } = [];

    public ClusterReport? Of(string cluster) => Clusters.GetValueOrDefault(cluster);

    public ClusterObjectReport? Of(string cluster, ResourceKey key) => Objects.GetValueOrDefault((cluster, key));
}

/// <summary>A clock that stands.</summary>
internal sealed class MovableClock : TimeProvider
{
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
