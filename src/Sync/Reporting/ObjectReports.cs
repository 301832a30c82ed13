using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Observing;
using Gatehouse.Sync.Planning;
using Gatehouse.Sync.Rivals;

namespace Gatehouse.Sync.Reporting;

/// <summary>Says how a stored object stands in the cluster.</summary>
internal sealed class ObjectReports(SessionState state, StoredReports stored, TimeProvider time)
{
    /// <summary>The report of a stored object; null: it does not concern the cluster any more.</summary>
    public ClusterObjectReport? Of(ResourceKey source)
    {
        var entries = state.Book.OfSource(source);
        if (state.Projection is not { } projection || (!projection.Sources.TryGetValue(source, out var generation) & entries.Count == 0))
            return null;
        return new ClusterObjectReport
        {
            Generation = generation,
            Problems = [.. projection.Problems.Where(problem => problem.Source == source).Select(static problem => new ReportedProblem(problem.Severity == ProblemSeverity.Refused, problem.Reason, problem.Message) { OnlyAWriteMends = problem.OnlyAWriteMends })],
            Probe = ProbeOf(source, generation),
            Rivals = RivalReports.Of(source, entries, state),
            Objects = [.. entries.OrderBy(static entry => entry.Key).Select(Of), .. GatewaysOf(source, entries)],
        };
    }

    private ReportedProbe? ProbeOf(ResourceKey source, long generation) =>
        (state.Probes.GetValueOrDefault(source) ?? stored.ProbeOf(source)) is { } probe && probe.Generation == generation ? probe : null;

    /// <summary>How an object stands.</summary>
    public static (string State, string? Message, IReadOnlyList<ReportedField> Fields) StandingOf(ObjectEntry entry)
    {
        if (entry.Verdict.State == ObjectState.Applied && !entry.InFlight)
            return entry.LastRepair is { } repair ? (entry.Contest.IsOn ? ObjectState.Contested : ObjectState.Applied, MessageOf(repair, entry.Contest.IsOn), repair.Fields) : (ObjectState.Applied, null, []);
        if (entry.Contest.IsOn && entry.Verdict.Action == PlannedAction.Apply && entry.Verdict.Reason != WriteReason.Change)
            return (ObjectState.Contested, Contested, entry.Verdict.Fields);
        if (entry.Verdict.Action != PlannedAction.None && entry.Obstacle is { } obstacle)
            return (obstacle.State, obstacle.Message, obstacle.Fields);
        return (entry.Verdict.State, entry.Verdict.Message, entry.Verdict.Fields);
    }

    private const string Contested = "Somebody keeps changing it: it is put right once a minute at most. Find out who does, by the field managers, and let one of the two write it.";

    private static string MessageOf(Repair repair, bool isContested)
    {
        if (isContested)
            return Contested;
        return repair.Fields.Count == 0
            ? $"Somebody deleted it; it was made again at {repair.At:u}."
            : $"Changed by {string.Join(", ", repair.Fields.Select(static field => field.Manager).Distinct(StringComparer.Ordinal))}; put right at {repair.At:u}.";
    }

    private ReportedObject Of(ObjectEntry entry)
    {
        var (standing, message, fields) = StandingOf(entry);
        var json = standing == ObjectState.Foreign ? null : entry.Observed?.Json;
        return new ReportedObject
        {
            Kind = entry.Key.Kind,
            Namespace = entry.Key.Namespace,
            Name = entry.Key.Name,
            State = standing,
            Message = message,
            Generation = json is null ? null : entry.Observed?.Generation,
            Since = json is null ? null : SinceOf(entry),
            Fields = fields,
            ParentRefs = ObservedStatus.ParentRefsOf(entry.Key.Kind, entry.Desired?.Manifest),
            ClassName = ObservedStatus.ClassNameOf(entry.Key.Kind, entry.Desired?.Manifest),
            Parents = json is null ? null : ObservedStatus.ParentsOf(entry.Key.Kind, json),
            Conditions = json is null ? null : ObservedStatus.ConditionsOf(entry.Key.Kind, json),
            Listeners = json is null ? null : ObservedStatus.ListenersOf(entry.Key.Kind, json),
            Addresses = json is null ? null : ObservedStatus.AddressesOf(entry.Key.Kind, json),
            Weights = json is null || entry.Desired is not { ExternalWeights: true } ? null : Weights.Of(json),
        };
    }

    // The Gateways that serve a Hostname, for their addresses and its own listeners there: others' are not its tenant's business.
    private IEnumerable<ReportedObject> GatewaysOf(ResourceKey source, IReadOnlyCollection<ObjectEntry> own)
    {
        if (state.Projection?.GatewaysOf.TryGetValue(source, out var gateways) != true)
            yield break;
        foreach (var id in gateways!)
        {
            if (state.Book.Find(ObjectKey.Of(id)) is { } entry && !own.Contains(entry))
                yield return Own(Of(entry), source, id);
        }
    }

    private ReportedObject Own(ReportedObject gateway, ResourceKey source, ProjectedId id) => gateway with
    {
        Listeners = state.Projection!.ListenersOf.TryGetValue(source, out var own) ? [.. (gateway.Listeners ?? []).Where(listener => own.Contains((id, listener.Name)))] : null,
    };

    private DateTimeOffset SinceOf(ObjectEntry entry)
    {
        var generation = entry.Observed?.Generation;
        if (entry.Since is { } since && entry.SinceGeneration == generation)
            return since;
        var isFirst = entry.Since is null;
        var earlier = isFirst ? stored.Earlier(entry.Key.Kind, entry.Key.Namespace, entry.Key.Name)?.Object : null;
        entry.SinceGeneration = generation;
        entry.Since = earlier?.Generation == generation && earlier?.Since is { } known ? known : time.GetUtcNow();
        return entry.Since.Value;
    }
}
