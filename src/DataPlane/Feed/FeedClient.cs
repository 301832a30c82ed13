using System.Net.Sockets;
using Gatehouse.Contracts.Feed;
using Gatehouse.DataPlane.Hosting;
using Gatehouse.DataPlane.Snapshots;

namespace Gatehouse.DataPlane.Feed;

/// <summary>Follows the config feed: starts from the last good snapshot, applies what comes, connects again when the connection ends.</summary>
internal sealed partial class FeedClient(
    FeedConnection connection, FeedLedger ledger, LossGuard guard, FeedStatus status, LastGoodSnapshot lastGood, FeedHost host) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private bool _needsSnapshot;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await lastGood.LoadAsync(ledger, cancellationToken))
        {
            status.Apply(ledger.Position, ledger.Refusals);
            host.Readiness.TableApplied();
            Log.Restored(host.Logger, ledger.Position.Revision);
        }
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var before = ledger.Position;
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (FeedMismatchException mismatch)
            {
                _needsSnapshot = true;
                Log.Mismatch(host.Logger, mismatch.Message);
            }
            catch (Exception failure) when (IsConnectionTrouble(failure, stoppingToken))
            {
                Log.Lost(host.Logger, failure.Message);
            }
            status.IsConnected = false;
            // Jitter, so that a fleet does not come back all at once; progress ends the back-off.
            pause = ledger.Position != before ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            await DelayAsync(pause * (0.5 + Random.Shared.NextDouble()), stoppingToken);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        PendingChange? pending = null;
        await foreach (var frame in connection.ReadAsync(_needsSnapshot ? FeedPosition.None : ledger.Position, ledger.LacksCertificates, cancellationToken))
        {
            status.IsConnected = true;
            switch (frame.Type)
            {
                case FeedFrame.Begin:
                    pending = new PendingChange(frame, ledger.Position);
                    break;
                case FeedFrame.Data:
                    (pending ?? throw new FeedMismatchException("entries before a begin")).Add(frame);
                    break;
                case FeedFrame.Commit:
                    if (!Commit(pending ?? throw new FeedMismatchException("a commit before a begin"), frame))
                        return;
                    pending = null;
                    break;
            }
        }
    }

    /// <summary>Applies a change; false: it is held.</summary>
    private bool Commit(PendingChange change, FeedFrame commit)
    {
        ledger.Verify(change, commit);
        var revision = commit.Revision ?? throw new FeedMismatchException("a commit has no revision");
        if (!change.IsSnapshot && revision < ledger.Position.Revision)
            throw new FeedMismatchException($"revision {revision} goes back behind {ledger.Position.Revision}");
        if (guard.Hold(change, commit, ledger) is { } reason)
        {
            Log.Held(host.Logger, reason);
            status.Hold(reason);
            return false;
        }
        ledger.Apply(change, revision, PendingChange.HashOf(commit));
        _needsSnapshot = false;
        status.Apply(ledger.Position, ledger.Refusals);
        host.Readiness.TableApplied();
        lastGood.Schedule(ledger.Position);
        return true;
    }

    private async Task DelayAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, host.Clock, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private static bool IsConnectionTrouble(Exception failure, CancellationToken stopping) =>
        failure is HttpRequestException or IOException or SocketException or UnauthorizedAccessException
        || (failure is OperationCanceledException && !stopping.IsCancellationRequested) || stopping.IsCancellationRequested;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Serving revision {Revision} from the last good snapshot.")]
        public static partial void Restored(ILogger logger, long revision);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The feed cannot be followed and a new snapshot is asked for: {Reason}.")]
        public static partial void Mismatch(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The feed is away: {Reason}")]
        public static partial void Lost(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "A change is held: {Reason}.")]
        public static partial void Held(ILogger logger, string reason);
    }
}

/// <summary>What the feed client needs of its process.</summary>
internal sealed class FeedHost(Readiness readiness, TimeProvider clock, ILogger<FeedClient> logger)
{
    public Readiness Readiness => readiness;

    public TimeProvider Clock => clock;

    public ILogger Logger => logger;
}
