namespace Gatehouse.Control;

/// <summary>Wakes everybody who waits for something to change. Take the wait before looking at the state, so that no change is missed.</summary>
internal sealed class ChangeBell
{
    private volatile TaskCompletionSource _next = NewSource();

    /// <summary>Ends at the next ring.</summary>
    public Task Next => _next.Task;

    /// <summary>Ends all present waits.</summary>
    public void Ring()
    {
        var rung = Interlocked.Exchange(ref _next, NewSource());
        rung.TrySetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
