namespace Gatehouse.Control.Feed;

/// <summary>One data plane's connection.</summary>
internal sealed class FeedStream(PoolFeed feed, FrameWriter writer, FeedKeys keys, ControlOptions options, TimeProvider clock)
{
    /// <summary>Sends what is new until the connection ends.</summary>
    /// <param name="position">What the data plane has.</param>
    /// <param name="lacksCertificates">Whether it misses private keys although it has the entries.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(FeedPosition position, bool lacksCertificates, CancellationToken cancellationToken)
    {
        var claimed = position.Revision;
        await CatchUpAsync(position, cancellationToken);
        if (lacksCertificates && feed.Current is { } present)
            keys.Owed.UnionWith(present.Table.Table.Certificates.Keys);
        while (true)
        {
            var next = feed.Next;
            if (feed.StepFrom(position) is { } step)
                position = await writer.WriteAsync(step, position, Explains(step, claimed), cancellationToken);
            else if (!await ChangedAsync(next, cancellationToken) && !await SentOwedAsync(position, cancellationToken))
                await writer.HeartbeatAsync(feed.Current is null ? null : position.Revision, cancellationToken);
        }
    }

    /// <summary>A key that could not be read when its certificate was sent (the database was away, the key-encryption key missing) follows once it can be.</summary>
    private async Task<bool> SentOwedAsync(FeedPosition position, CancellationToken cancellationToken) =>
        keys.Owed.Count > 0 && feed.Current is { } current && current.Position == position && await writer.WriteOwedAsync(current, cancellationToken);

    /// <summary>
    /// What a snapshot lacks is a loss that no revision explains if it is older than what the data plane has (a restored backup, another
    /// database), or if something that is stored could not be compiled. The data plane decides.
    /// </summary>
    private static bool Explains(FeedStep step, long claimed) => step.Target.IsWhole && step.Target.Revision >= claimed;

    /// <summary>Another control process was ahead: give this one the time of a few polls before taking the data plane back.</summary>
    private async Task CatchUpAsync(FeedPosition position, CancellationToken cancellationToken)
    {
        var deadline = clock.GetTimestamp();
        while (true)
        {
            var next = feed.Next;
            var revision = feed.Current?.Revision;
            if (revision >= position.Revision || (revision is not null && clock.GetElapsedTime(deadline) > options.PollInterval * 3))
                return;
            if (!await ChangedAsync(next, cancellationToken))
                await writer.HeartbeatAsync(null, cancellationToken);
        }
    }

    /// <summary>Waits for a change; false: it is time for a heartbeat.</summary>
    private async Task<bool> ChangedAsync(Task next, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(options.Heartbeat, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
