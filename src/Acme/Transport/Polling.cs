namespace Gatehouse.Acme.Transport;

/// <summary>Asks again and again until something is done, no sooner than the authority wants, and no longer than the caller does.</summary>
internal sealed class Polling(TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Asks until it is done. An authority that fails meanwhile is asked again: what it works on is not lost.</summary>
    /// <param name="ask">Asks once.</param>
    /// <param name="isDone">Whether that is all; throws if it can never be.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T> UntilAsync<T>(
        Func<CancellationToken, Task<(T Value, DateTimeOffset? RetryAfter)>> ask, Func<T, bool> isDone, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var deadline = clock.GetUtcNow() + timeout;
        using var patience = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        AcmeException? failure = null;
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                DateTimeOffset? retryAfter;
                try
                {
                    (var value, retryAfter) = await ask(either.Token);
                    failure = null;
                    if (isDone(value))
                        return value;
                }
                catch (AcmeException transient) when (transient.IsOutage || transient.Kind is AcmeErrorKind.RateLimited)
                {
                    failure = transient;
                    retryAfter = transient.RetryAfter;
                }
                var now = clock.GetUtcNow();
                var wait = retryAfter is { } time && time > now ? time - now : pause;
                if (now + wait >= deadline)
                    throw failure ?? TimedOut(retryAfter);
                await Task.Delay(wait, clock, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw failure ?? TimedOut(null);
        }
    }

    private static AcmeException TimedOut(DateTimeOffset? retryAfter) =>
        new(AcmeErrorKind.TimedOut, "The certificate authority has not finished in the time that it was given.") { RetryAfter = retryAfter };
}
