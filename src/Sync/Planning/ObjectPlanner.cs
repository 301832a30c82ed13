using System.Text.Json.Nodes;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Projection;
using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Planning;

/// <summary>Judges one object: what is meant beside what is there. Pure.</summary>
internal static class ObjectPlanner
{
    /// <summary>Annotation of a Secret's manifest: which private key belongs into it.</summary>
    public const string KeyFingerprint = "gatehouse.dev/key-fingerprint";

    private const int MostFieldsShown = 20;

    private static readonly FieldPath PrivateKeyField = FieldPath.Root.Member("data").Member("tls.key");

    private static readonly FieldPath HashField = FieldPath.Root.Member("metadata").Member("annotations").Member(ObjectMarks.Hash);

    /// <summary>Judges an object that is meant to be there and is ours, or is not there.</summary>
    /// <param name="desired">What is meant.</param>
    /// <param name="observed">What is there; null: nothing that is known.</param>
    /// <param name="memory">What is known of its past.</param>
    public static Verdict Judge(ProjectedObject desired, ObservedObject? observed, PlannerMemory memory)
    {
        if (observed is null)
            return JudgeMissing(desired, memory);
        if (observed.IsBeingDeleted)
            return new Verdict(PlannedAction.None, WriteReason.Create, ObjectState.Pending, "Somebody is deleting it, and finalizers keep it: it is made again once it is gone.", []);

        var differences = Differences(desired, observed);
        if (differences.Count == 0)
            return Verdict.Settled;

        var managers = ManagedFields.Of(observed.Json);
        var foreign = differences.Where(path => !managers.AreOursAlone(path)).ToList();
        var isNewIntent = observed.Annotation(ObjectMarks.Hash) != desired.Hash && managers.AreOursAlone(HashField);
        var fields = foreign.Where(path => !isNewIntent || managers.AreOthers(path)).Take(MostFieldsShown).Select(path => new ReportedField(path.ToString(), managers.ManagerOf(path))).ToList();

        if (isNewIntent)
            return Verdict.To(PlannedAction.Apply, WriteReason.Change, fields);
        if (foreign.Count == 0)
            return Verdict.Settled;
        return desired.RepairsDrift
            ? Verdict.To(PlannedAction.Apply, WriteReason.Repair, fields)
            : Verdict.Shown(ObjectState.Drifted, $"Changed by {string.Join(", ", fields.Select(static field => field.Manager).Distinct())}; changes are shown here, not put right.", fields);
    }

    /// <summary>The places where an object lacks what is meant, whoever changed them.</summary>
    public static IReadOnlyList<FieldPath> Differences(ProjectedObject desired, ObservedObject observed)
    {
        var manifest = desired.ExternalWeights ? Weights.ReadBack(desired.Manifest, observed.Json) : desired.Manifest;
        var differences = Comparison.Between(ObjectKey.Of(desired.Id), manifest, observed.Json);
        if (desired.PrivateKeyOf is null || WantedFingerprint(desired) is not { } wanted || observed.KeyFingerprint == wanted)
            return differences;
        return [.. differences, PrivateKeyField];
    }

    public static string? WantedFingerprint(ProjectedObject desired) =>
        desired.Manifest["metadata"]?["annotations"]?[KeyFingerprint] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static Verdict JudgeMissing(ProjectedObject desired, PlannerMemory memory)
    {
        if (desired.RepairsDrift || !memory.WasApplied)
            return Verdict.To(PlannedAction.Apply, WriteReason.Create);
        return memory.IsKnownMissing
            ? Verdict.Shown(ObjectState.Drifted, "Somebody deleted it; changes are shown here, not put right.", [])
            : Verdict.To(PlannedAction.Look, WriteReason.Repair);
    }
}

/// <summary>What is known of an object's past.</summary>
/// <param name="WasApplied">Whether exactly this intent was there before.</param>
/// <param name="IsKnownMissing">Whether it was looked for, and is not there.</param>
internal readonly record struct PlannerMemory(bool WasApplied, bool IsKnownMissing);
