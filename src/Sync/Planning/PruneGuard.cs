using System.Security.Cryptography;
using System.Text;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Sync.Observing;

namespace Gatehouse.Sync.Planning;

/// <summary>
/// Decides which objects may go. If suddenly much would go, only that goes which changes in the database explain; the rest is held until
/// somebody confirms it, and stays held when the number falls later.
/// </summary>
internal sealed class PruneGuard
{
    private const int FewAlways = 10;

    private readonly HashSet<ObjectKey> _allowed = [];
    private readonly HashSet<ObjectKey> _held = [];
    private bool _isHolding;

    /// <param name="wasHolding">Whether something was held when the worker last reported.</param>
    public PruneGuard(bool wasHolding) => _isHolding = wasHolding;

    /// <summary>What is held; null: nothing.</summary>
    public ReportedHold? Held { get; private set; }

    public bool IsHeld(ObjectKey key) => _held.Contains(key);

    public bool Allows(ObjectKey key) => _allowed.Contains(key);

    /// <summary>Whether a judgement of these candidates needs to know what changed.</summary>
    public bool NeedsExplanation(IReadOnlyCollection<PruneCandidate> candidates, int ours) =>
        candidates.Any(candidate => !_allowed.Contains(candidate.Key)) && (_isHolding || IsMuch(candidates.Count, ours));

    /// <summary>Judges all objects that are ours and not meant to be there.</summary>
    /// <param name="candidates">The objects.</param>
    /// <param name="ours">How many objects of ours there are, these included.</param>
    /// <param name="changed">Stored objects that changed since the cluster was last as it should be; null: that is not known.</param>
    public void Judge(IReadOnlyCollection<PruneCandidate> candidates, int ours, IReadOnlySet<ResourceKey>? changed)
    {
        var present = candidates.Select(static candidate => candidate.Key).ToHashSet();
        _allowed.IntersectWith(present);
        _held.Clear();
        var isMuch = _isHolding || IsMuch(candidates.Count, ours);
        var explanation = new Explanation(changed);
        foreach (var candidate in candidates.Where(candidate => !_allowed.Contains(candidate.Key)))
        {
            if (!isMuch || explanation.Covers(candidate.Source))
                _allowed.Add(candidate.Key);
            else
                _held.Add(candidate.Key);
        }
        Settle(ours, changed is null);
    }

    /// <summary>Lets go what is held; false: something else is held by now.</summary>
    public bool Confirm(string token)
    {
        if (Held is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Held.Token), Encoding.UTF8.GetBytes(token)))
            return false;
        _allowed.UnionWith(_held);
        _held.Clear();
        Settle(0, false);
        return true;
    }

    private static bool IsMuch(int candidates, int ours) => candidates > Math.Max(FewAlways, ours / 4);

    private void Settle(int ours, bool isUnknown)
    {
        _isHolding = _held.Count > 0;
        if (!_isHolding)
        {
            Held = null;
            return;
        }
        var names = string.Join('\n', _held.Order().Select(static key => key.ToString()));
        var token = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(names)))[..16];
        var reason = isUnknown
            ? "What changed since the cluster was last in step is not known any more, for example because the database was restored from a backup."
            : "No change since the cluster was last in step explains that they should go.";
        Held = new ReportedHold(token, _held.Count, Math.Max(ours, _held.Count), $"{reason} Look at them and confirm the deletion, or restore what is missing.");
    }
}

/// <summary>What changed in the database, as a reason for objects to go.</summary>
internal sealed class Explanation
{
    private static readonly string[] PlatformKinds = [ResourceKind.Gateway, ResourceKind.GatewayClass, ResourceKind.Cluster, ResourceKind.ClusterNamespace];

    private readonly IReadOnlySet<ResourceKey>? _changed;
    private readonly HashSet<string> _tenants;
    private readonly bool _isOfAll;

    /// <param name="changed">Stored objects that changed; null: that is not known.</param>
    public Explanation(IReadOnlySet<ResourceKey>? changed)
    {
        _changed = changed;
        _tenants = (changed ?? new HashSet<ResourceKey>()).Where(static key => key.Kind == "Tenant").Select(static key => key.Name).ToHashSet(StringComparer.Ordinal);
        _isOfAll = changed?.Any(static key => key.Tenant == ResourceKind.PlatformTenant && PlatformKinds.Contains(key.Kind)) == true;
    }

    /// <summary>Whether an object made of a source may go because of it.</summary>
    public bool Covers(ResourceKey? source) => _isOfAll || (source is { } key && (_tenants.Contains(key.Tenant) || _changed?.Contains(key) == true));
}

/// <summary>An object of ours that is not meant to be there.</summary>
/// <param name="Key">Identity.</param>
/// <param name="Source">Stored object that it was made of, as it says itself; null: it does not say.</param>
internal sealed record PruneCandidate(ObjectKey Key, ResourceKey? Source);
