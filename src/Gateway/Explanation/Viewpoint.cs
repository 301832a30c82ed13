using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Explanation;

/// <summary>Shows of listeners, matches and rules what the asking tenant may see.</summary>
/// <param name="viewer">Tenant; null: a platform admin, who sees all.</param>
internal sealed class Viewpoint(string? viewer)
{
    public bool Hides(RuleSource source) => Hides(source.Tenant);

    public ExplainedMatch Show(HostEntry entry, int index, bool fits, string reason)
    {
        var match = entry.Matches[index];
        var source = entry.Rules[match.Rule].Source;
        return Hides(source)
            ? new ExplainedMatch(null, 0, entry.Hostname, "", fits, "another tenant's route")
            : new ExplainedMatch(source, match.Index, entry.Hostname, MatchReasons.Describe(match), fits, reason);
    }

    public ExplainedMatch ShowStream(HostEntry entry, string reason)
    {
        var source = entry.Rules[0].Source;
        return Hides(source)
            ? new ExplainedMatch(null, 0, entry.Hostname, "", true, "another tenant's route")
            : new ExplainedMatch(source, 0, entry.Hostname, "", true, reason);
    }

    // The platform's listeners are everybody's to see: they are what tenants attach to.
    public ExplainedListener Show(ListenerEntry listener, string reason)
    {
        var hidden = listener.Tenant != ResourceKind.PlatformTenant && Hides(listener.Tenant);
        return new ExplainedListener(hidden ? null : listener.Id, hidden ? null : listener.Gateway, listener.Hostname ?? "*", reason);
    }

    /// <summary>Where a rule sends to, with the odds.</summary>
    public IReadOnlyList<ExplainedBackend> BackendsOf(MatchTable table, CompiledRule rule)
    {
        if (Hides(rule.Source))
            return [];
        var total = rule.Backends.Sum(backend => (long)backend.Weight);
        return [.. rule.Backends.Select(backend => new ExplainedBackend(
            backend.Backend,
            backend.Weight,
            total == 0 ? 0 : 100.0 * backend.Weight / total,
            backend.FailureStatus,
            backend.Backend is { } key && table.Backends.TryGetValue(key, out var entry) ? entry.Endpoints.Count : 0)
        {
            Actions = backend.Actions,
        })];
    }

    private bool Hides(string tenant) => viewer is not null && viewer != tenant;
}
