namespace Gatehouse.Sync.Following;

/// <summary>How far the worker has got.</summary>
internal sealed class FollowedState
{
    private long revision = -1;

    /// <summary>Revision of the compiled state that was taken last; null: none yet.</summary>
    public long? Revision => Interlocked.Read(ref revision) is var current and >= 0 ? current : null;

    public void Took(long taken) => Interlocked.Exchange(ref revision, taken);
}
