namespace Gatehouse.DataPlane.Streams;

/// <summary>
/// How many bytes may go to a client for what came from it: addresses of datagrams can be forged, and a forged one must not draw a flood
/// on its owner. A client that goes on after a reply has probably seen it, and gets more.
/// </summary>
internal sealed class ReplyBudget
{
    /// <summary>Replies to a client that has not shown to have seen one.</summary>
    internal const long First = 64 * 1024;

    /// <summary>Replies to each datagram that follows a reply.</summary>
    internal const long Later = 4 * 1024 * 1024;

    private const long Most = 64 * 1024 * 1024;

    private long _left;
    private int _replied;

    public void Heard()
    {
        if (Volatile.Read(ref _replied) != 0)
            Interlocked.Exchange(ref _left, Math.Min(Most, Volatile.Read(ref _left) + Later));
        else
            Interlocked.CompareExchange(ref _left, First, 0);
    }

    public bool TrySpend(int bytes)
    {
        // A reply without content is one, too.
        if (Interlocked.Add(ref _left, -Math.Max(bytes, 1)) < 0)
        {
            Interlocked.Add(ref _left, Math.Max(bytes, 1));
            return false;
        }
        Volatile.Write(ref _replied, 1);
        return true;
    }
}
