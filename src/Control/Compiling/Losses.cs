using Gatehouse.Control.Loading;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Control.Compiling;

/// <summary>
/// Stored objects that are not in force although nobody asked for that: their spec cannot be read, or the compiler failed on them and
/// there is no last good result. As long as there are any, a smaller table is not to be trusted. Belongs to the compile host's task.
/// </summary>
internal sealed class Losses
{
    private const string Accepted = "Accepted";
    private const string CompilerFailure = "CompilerFailure";

    private readonly HashSet<ResourceKey> _failed = [];

    /// <summary>Objects whose stored spec cannot be read.</summary>
    public IReadOnlyDictionary<ResourceKey, SpecFault> Faults { get; private set; } = new Dictionary<ResourceKey, SpecFault>();

    /// <summary>Whether everything that is stored could be read and compiled.</summary>
    public bool AreNone => Faults.Count == 0 && _failed.Count == 0;

    /// <summary>Starts over.</summary>
    public void Replace(Snapshot snapshot, IReadOnlyList<SpecFault> faults)
    {
        _failed.Clear();
        _failed.UnionWith(snapshot.Statuses.Values.Where(IsFailure).Select(status => status.Key));
        Faults = faults.ToDictionary(fault => fault.Key);
    }

    /// <summary>Takes what a revision changed.</summary>
    public void Advance(CompileDelta delta, LoadedInputs inputs)
    {
        foreach (var status in delta.ChangedStatuses)
        {
            if (IsFailure(status))
                _failed.Add(status.Key);
            else
                _failed.Remove(status.Key);
        }

        _failed.ExceptWith(delta.RemovedStatuses);
        if (inputs.Faults.Count > 0 || Faults.Count > 0)
            Faults = FaultsAfter(inputs);
    }

    private static bool IsFailure(ResourceStatus status) =>
        status.Conditions.Any(condition => condition is { Type: Accepted, Reason: CompilerFailure });

    private Dictionary<ResourceKey, SpecFault> FaultsAfter(LoadedInputs inputs)
    {
        var faults = new Dictionary<ResourceKey, SpecFault>(Faults);
        foreach (var change in inputs.Changes)
        {
            switch (change)
            {
                case ResourceUpsert upsert:
                    faults.Remove(upsert.Resource.Key);
                    break;
                case ResourceRemoval removal:
                    faults.Remove(removal.Key);
                    break;
                case TenantRemoval tenant:
                    foreach (var key in Faults.Keys.Where(key => key.Tenant == tenant.Tenant))
                        faults.Remove(key);
                    break;
            }
        }

        foreach (var fault in inputs.Faults)
            faults[fault.Key] = fault;
        return faults;
    }
}
