using Gatehouse.Control.Clusters;
using Gatehouse.Sync.Kubernetes;

namespace Gatehouse.Sync.Observing;

/// <summary>What the watches of a cluster tell.</summary>
/// <param name="Watch">Name of the watch: the kind.</param>
internal abstract record Observation(string Watch);

/// <summary>All objects of a kind.</summary>
internal sealed record ObjectsListed(string Watch, ApiKind Kind, IReadOnlyList<ObservedObject> Items) : Observation(Watch);

/// <summary>An object is new or changed.</summary>
internal sealed record ObjectChanged(string Watch, ApiKind Kind, ObservedObject Object) : Observation(Watch);

/// <summary>An object is gone, or has lost our marks.</summary>
internal sealed record ObjectRemoved(string Watch, ApiKind Kind, ObservedObject Object) : Observation(Watch);

/// <summary>All definitions of Gateway API's kinds.</summary>
internal sealed record KindsListed(string Watch, IReadOnlyList<InstalledKind> Kinds) : Observation(Watch);

/// <summary>A definition is new, changed or gone.</summary>
internal sealed record KindChanged(string Watch, InstalledKind Kind, bool IsGone) : Observation(Watch);

/// <summary>All GatewayClasses.</summary>
internal sealed record ClassesListed(string Watch, IReadOnlyList<ReportedClass> Classes) : Observation(Watch);

/// <summary>A GatewayClass is new, changed or gone.</summary>
internal sealed record ClassChanged(string Watch, ReportedClass Class, bool IsGone) : Observation(Watch);

/// <summary>The watch works.</summary>
internal sealed record WatchLives(string Watch) : Observation(Watch);

/// <summary>The cluster does not serve the kind.</summary>
internal sealed record KindMissing(string Watch) : Observation(Watch);

/// <summary>The watch does not work at the moment.</summary>
/// <param name="Watch">Name.</param>
/// <param name="Failure">Why, in one line.</param>
/// <param name="Status">HTTP status; 0: no answer.</param>
internal sealed record WatchTroubled(string Watch, string Failure, int Status) : Observation(Watch);
