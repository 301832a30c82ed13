using Gatehouse.Contracts.Feed;

namespace Gatehouse.DataPlane.Feed;

/// <summary>
/// Holds back snapshots that no history explains: one that loses a good part of many hosts is held until an operator accepts it on the
/// admin socket; one that is merely older than what is in force (a control process that lags, or a restored backup) only for a while.
/// </summary>
internal sealed class LossGuard(FeedStatus status, TimeProvider clock)
{
    private const int ManyHosts = 100;
    private const int GoodPart = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private long? _olderSince;

    /// <summary>Why a change must be held; null: it may be applied.</summary>
    public string? Hold(PendingChange change, FeedFrame commit, FeedLedger ledger)
    {
        if (!change.IsSnapshot || status.IsAccepted)
            return null;
        var position = ledger.Position;
        var isOlder = commit.Revision < position.Revision;
        var (hosts, lost) = ledger.LossOf(change);
        if ((isOlder || commit.Explained != true) && hosts >= ManyHosts && lost * GoodPart >= hosts)
            return $"revision {commit.Revision} loses {lost} of {hosts} hosts and no revision explains it; POST /feed/accept on the admin socket applies it";
        if (!isOlder)
        {
            _olderSince = null;
            return null;
        }
        _olderSince ??= clock.GetTimestamp();
        return clock.GetElapsedTime(_olderSince.Value) >= Patience
            ? null
            : $"revision {commit.Revision} is older than {position.Revision}, which is in force; it is applied if nothing newer comes";
    }
}
