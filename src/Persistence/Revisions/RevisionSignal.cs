namespace Gatehouse.Persistence.Revisions;

/// <summary>Tells the same process at once that a revision was committed; other processes hear it by NOTIFY and polling.</summary>
public sealed class RevisionSignal
{
    /// <summary>Channel of the NOTIFY that carries the number of each revision.</summary>
    public const string Channel = "gatehouse_revision";

    private long _latest;

    /// <summary>Raised on the committing thread; handlers only take note.</summary>
    public event Action<long>? Committed;

    /// <summary>Newest revision that this process committed.</summary>
    public long Latest => Interlocked.Read(ref _latest);

    /// <summary>Says that a revision was committed.</summary>
    public void Publish(long revision)
    {
        long seen;
        while ((seen = Interlocked.Read(ref _latest)) < revision && Interlocked.CompareExchange(ref _latest, revision, seen) != seen)
        {
        }

        Committed?.Invoke(revision);
    }
}
