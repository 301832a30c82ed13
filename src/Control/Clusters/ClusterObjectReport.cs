using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Clusters;

/// <summary>
/// What a sync worker knows of one stored object in one cluster. Facts alone: conditions are derived from them when they are read, because
/// some of them depend on the time. One row for each object and cluster, written when something changed.
/// </summary>
public sealed record ClusterObjectReport
{
    /// <summary>Generation of the stored object that was projected.</summary>
    public required long Generation { get; init; }

    /// <summary>What the cluster cannot express of it.</summary>
    public IReadOnlyList<ReportedProblem> Problems { get; init; } = [];

    /// <summary>The objects that it became.</summary>
    public IReadOnlyList<ReportedObject> Objects { get; init; } = [];

    /// <summary>What others serve under its hostnames.</summary>
    public IReadOnlyList<ReportedRival> Rivals { get; init; } = [];

    /// <summary>The last probe through the cluster's addresses; null: none at this generation.</summary>
    public ReportedProbe? Probe { get; init; }
}

/// <summary>Something that the cluster cannot express.</summary>
/// <param name="IsRefused">Whether the object is not there because of it.</param>
/// <param name="Reason">Reason.</param>
/// <param name="Message">Message; names the cluster and who must act.</param>
public sealed record ReportedProblem(bool IsRefused, string Reason, string Message)
{
    /// <summary>Whether only a write here mends it, so that waiting is pointless; otherwise the cluster may.</summary>
    public bool OnlyAWriteMends { get; init; }
}

/// <summary>One object in the cluster.</summary>
public sealed record ReportedObject
{
    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Namespace; null: a kind of the whole cluster.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>How it stands: one of <see cref="ObjectState"/>.</summary>
    public required string State { get; init; }

    /// <summary>Why it stands so, for people; null where the state says all.</summary>
    public string? Message { get; init; }

    /// <summary><c>metadata.generation</c> in the cluster; null: not there, or a kind without.</summary>
    public long? Generation { get; init; }

    /// <summary>When this generation was applied or first seen: from then on the controller is waited for.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Fields that other managers changed or claim.</summary>
    public IReadOnlyList<ReportedField> Fields { get; init; } = [];

    /// <summary>Routes: what each controller says of each parent. Policies: of each ancestor.</summary>
    public IReadOnlyList<ReportedParent>? Parents { get; init; }

    /// <summary>Routes: the parentRefs that were applied, by the cluster's names: each of them needs a controller; null: not told.</summary>
    public IReadOnlyList<ParentReference>? ParentRefs { get; init; }

    /// <summary>Gateways: name of their GatewayClass in the cluster; null: not told.</summary>
    public string? ClassName { get; init; }

    /// <summary>Gateways and ListenerSets: the object's own conditions. GatewayClasses too.</summary>
    public IReadOnlyList<ReportedCondition>? Conditions { get; init; }

    /// <summary>Gateways and ListenerSets: their listeners; in the report of a Hostname its own alone, because others' are not its tenant's business.</summary>
    public IReadOnlyList<ReportedListener>? Listeners { get; init; }

    /// <summary>Gateways: addresses, as <c>type=value</c> pairs.</summary>
    public IReadOnlyList<GatewaySpecAddress>? Addresses { get; init; }

    /// <summary>Routes with external weights: what they are now, by rule, in the order of backendRefs.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Weights { get; init; }
}

/// <summary>How an object stands in a cluster.</summary>
public static class ObjectState
{
    /// <summary>It is as it should be.</summary>
    public const string Applied = "Applied";

    /// <summary>It is to be written.</summary>
    public const string Pending = "Pending";

    /// <summary>The cluster refused it, or did not answer; it is tried again.</summary>
    public const string Failed = "Failed";

    /// <summary>Somebody else's object has its name; it is left alone.</summary>
    public const string Foreign = "Foreign";

    /// <summary>Another manager owns fields of it, and they are not taken.</summary>
    public const string Conflict = "Conflict";

    /// <summary>Somebody changed it, and it is shown, not repaired.</summary>
    public const string Drifted = "Drifted";

    /// <summary>Somebody keeps changing it: repairs are made less often.</summary>
    public const string Contested = "Contested";

    /// <summary>It is to be deleted, and held because too much would go.</summary>
    public const string Held = "Held";
}

/// <summary>A field that another manager changed or claims.</summary>
/// <param name="Path">Path, such as <c>.spec.rules[0].backendRefs[0].weight</c>.</param>
/// <param name="Manager">Field manager.</param>
public sealed record ReportedField(string Path, string Manager);

/// <summary>A route or policy at one parent (or ancestor), as one controller says.</summary>
/// <param name="ParentRef">Parent, by the cluster's names.</param>
/// <param name="ControllerName">Controller.</param>
/// <param name="Conditions">Conditions.</param>
public sealed record ReportedParent(ParentReference ParentRef, string ControllerName, IReadOnlyList<ReportedCondition> Conditions);

/// <summary>A condition of the cluster.</summary>
/// <param name="Type">Type.</param>
/// <param name="Status">True, False or Unknown.</param>
/// <param name="Reason">Reason.</param>
/// <param name="Message">The controller's message.</param>
/// <param name="ObservedGeneration">Generation that it speaks of; null: it does not say.</param>
public sealed record ReportedCondition(string Type, string Status, string Reason, string Message, long? ObservedGeneration);

/// <summary>A listener.</summary>
/// <param name="Name">Name.</param>
/// <param name="AttachedRoutes">Routes.</param>
/// <param name="Conditions">Conditions.</param>
public sealed record ReportedListener(string Name, int AttachedRoutes, IReadOnlyList<ReportedCondition> Conditions);

/// <summary>A request through the addresses that the cluster gave.</summary>
/// <param name="At">When.</param>
/// <param name="Generation">Generation of the route.</param>
/// <param name="Reached">Whether a backend answered.</param>
/// <param name="Address">Address that it was sent to.</param>
/// <param name="Status">HTTP status; null: no answer.</param>
/// <param name="Message">What came of it.</param>
public sealed record ReportedProbe(DateTimeOffset At, long Generation, bool Reached, string Address, int? Status, string Message);

/// <summary>Somebody else's object that serves a hostname too. Its name is told if it lies in the Namespace of the tenant that is told.</summary>
/// <param name="Hostname">The hostname, or what the two have in common.</param>
/// <param name="Kind">Kind; null: not told.</param>
/// <param name="Namespace">Namespace; null: not told.</param>
/// <param name="Name">Name; null: not told.</param>
public sealed record ReportedRival(string Hostname, string? Kind, string? Namespace, string? Name);

/// <summary>What a sync worker knows of a cluster.</summary>
public sealed record ClusterReport
{
    /// <summary>Whether its API answers.</summary>
    public required bool Reachable { get; init; }

    /// <summary>Why not, or what is missing; null: nothing.</summary>
    public string? Problem { get; init; }

    /// <summary>Version of the API server.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Bundle version of Gateway API's CRDs; null: they are not installed.</summary>
    public string? BundleVersion { get; init; }

    /// <summary>Channel of the CRDs.</summary>
    public string? Channel { get; init; }

    /// <summary>Served versions by kind.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Versions { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>GatewayClasses of the cluster.</summary>
    public IReadOnlyList<ReportedClass> Classes { get; init; } = [];

    /// <summary>Objects of ours by kind.</summary>
    public IReadOnlyDictionary<string, int> Objects { get; init; } = new Dictionary<string, int>();

    /// <summary>Revision that the cluster has entirely; null: none yet.</summary>
    public long? SyncedRevision { get; init; }

    /// <summary>When everything was last as it should be.</summary>
    public DateTimeOffset? SyncedAt { get; init; }

    /// <summary>Objects that wait to be written or deleted.</summary>
    public int Queue { get; init; }

    /// <summary>Objects that cannot be written.</summary>
    public int Failed { get; init; }

    /// <summary>What would be deleted and is held; null: nothing.</summary>
    public ReportedHold? Held { get; init; }

    /// <summary>Name of the worker that leads.</summary>
    public string? Leader { get; init; }

    /// <summary>Whether the worker has looked since it took over.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>Generation of the Cluster object that the worker went by; null: it does not say.</summary>
    public long? Generation { get; init; }

    /// <summary>When the worker last reported.</summary>
    public DateTimeOffset ReportedAt { get; init; }

    /// <summary>How long after its last word a worker counts as gone: what it said is old then.</summary>
    public static TimeSpan SilentAfter { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether no worker has said anything for too long.</summary>
    public bool IsSilent(DateTimeOffset now) => now - ReportedAt > SilentAfter;
}

/// <summary>A GatewayClass of a cluster.</summary>
/// <param name="Name">Name.</param>
/// <param name="ControllerName">Controller.</param>
/// <param name="Conditions">Conditions.</param>
/// <param name="SupportedFeatures">Names of features; null: the controller does not say.</param>
public sealed record ReportedClass(string Name, string ControllerName, IReadOnlyList<ReportedCondition> Conditions, IReadOnlyList<string>? SupportedFeatures);

/// <summary>Deletions that are held.</summary>
/// <param name="Token">What to confirm them with.</param>
/// <param name="Count">How many.</param>
/// <param name="Of">How many objects there are.</param>
/// <param name="Reason">Why they are held.</param>
public sealed record ReportedHold(string Token, int Count, int Of, string Reason);
