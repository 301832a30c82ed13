using System.Collections.Concurrent;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Control.Status;

/// <summary>
/// When a condition's status last changed, as far as this process saw it. Conditions are derived on read, so what nobody looked at
/// is dated by the revision or the acknowledgement that caused it, not by the look.
/// </summary>
internal sealed class TransitionTimes
{
    private const int Capacity = 500_000;

    private readonly ConcurrentDictionary<(ResourceKey Key, string Type), Seen> _seen = new();

    /// <summary>Time of the last change of status.</summary>
    /// <param name="key">Object.</param>
    /// <param name="type">Condition type, unique in the object.</param>
    /// <param name="status">Its status now.</param>
    /// <param name="revision">The revision that it speaks of: a condition that starts over with each revision changed even if it says the same again.</param>
    /// <param name="causedAt">When what caused the present status happened.</param>
    public DateTimeOffset Of(ResourceKey key, string type, string status, long revision, DateTimeOffset causedAt)
    {
        if (_seen.Count > Capacity)
            _seen.Clear();
        var seen = _seen.AddOrUpdate(
            (key, type),
            static (_, added) => added,
            static (_, before, now) => before.Status == now.Status && before.Revision == now.Revision ? before : now,
            new Seen(status, revision, causedAt));
        return seen.At;
    }

    private sealed record Seen(string Status, long Revision, DateTimeOffset At);
}
