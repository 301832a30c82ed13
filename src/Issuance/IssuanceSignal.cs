namespace Gatehouse.Issuance;

/// <summary>Wakes the loops when something was written that they wait for. Others' writes are found by the poll.</summary>
public sealed class IssuanceSignal
{
    private volatile TaskCompletionSource _next = NewSource();

    /// <summary>Ends at the next ring. Take it before looking at what is due.</summary>
    internal Task Next => _next.Task;

    /// <summary>Something is due.</summary>
    public void Ring() => Interlocked.Exchange(ref _next, NewSource()).TrySetResult();

    internal static async Task WaitAsync(Task next, TimeSpan longest, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(longest, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Look again.
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
