namespace Gatehouse.DataPlane.Forwarding;

/// <summary>
/// Bounds a request, or one attempt of it, by its rule's timeout (https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts): the
/// forwarder sees the request as aborted when it runs out. Deadlines nest; a tunnel ends them.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly HttpContext _context;
    private readonly CancellationToken _original;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    private Deadline(HttpContext context, TimeSpan after, TimeProvider clock)
    {
        _context = context;
        _original = context.RequestAborted;
        _timer = new CancellationTokenSource(after, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_original, _timer.Token);
        context.RequestAborted = _linked.Token;
    }

    public bool HasExpired => _timer.IsCancellationRequested && !_original.IsCancellationRequested;

    /// <summary>Starts a deadline; null: there is no bound.</summary>
    public static Deadline? Start(HttpContext context, TimeSpan? after, TimeProvider clock) => after is { } bound ? new Deadline(context, bound, clock) : null;

    /// <summary>Lets the exchange go on without bound.</summary>
    public void End() => _timer.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Gives the request its own token back, so that an answer can still be written.</summary>
    public void Restore() => _context.RequestAborted = _original;

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
