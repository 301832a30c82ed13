using Gatehouse.Issuance.Authorities;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Issuance.Certificates;

/// <summary>Has certificates issued and renewed when it is due, some at a time and fairly among tenants.</summary>
internal sealed partial class CertificateWatch(
    IssuanceBook book, CertificateWork work, BaseNames baseNames, AccountBook accounts, IssuanceSignal signal, IssuanceOptions options, TimeProvider clock, ILogger<CertificateWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeyPoll = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _free = new(options.Parallel.All, options.Parallel.All);

    /// <inheritdoc />
    public override void Dispose()
    {
        _free.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new HashSet<Task>();
        long? rewrapped = null;
        var begun = false;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var next = signal.Next;
                try
                {
                    if (!begun)
                    {
                        await book.WakeIdleAsync(stoppingToken);
                        if (baseNames.IsShared)
                            await book.WakeSharersAsync(stoppingToken);
                        begun = true;
                    }
                    if (rewrapped is not { } last || clock.GetElapsedTime(last) >= KeyPoll)
                    {
                        await accounts.RewrapAsync(stoppingToken);
                        rewrapped = clock.GetTimestamp();
                    }
                    running.RemoveWhere(task => task.IsCompleted);
                    if (_free.CurrentCount > 0)
                    {
                        foreach (var state in await book.TakeAsync(_free.CurrentCount, options.Parallel.PerTenant, stoppingToken))
                            running.Add(RunAsync(state, stoppingToken));
                    }
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    DatabaseTrouble.Tell(logger, failure, "certificates");
                }
                await IssuanceSignal.WaitAsync(next, Poll, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        await Task.WhenAll(running);
    }

    private async Task RunAsync(IssuanceState state, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keeping = KeepAsync(state, held);
        try
        {
            await work.RunAsync(state, held.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await GiveBackAsync(state);
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
            Log.LeaseLost(logger, state.Row.HostnameId);
        }
        catch (LeaseLostException)
        {
            Log.LeaseLost(logger, state.Row.HostnameId);
        }
        catch (Exception failure)
        {
            DatabaseTrouble.Tell(logger, failure, "a certificate");
        }
        finally
        {
            await held.CancelAsync();
            await keeping;
            _free.Release();
        }
    }

    // While the work waits for an authority its lease goes on; a process that was stopped for so long that another one took over ends it.
    private async Task KeepAsync(IssuanceState state, CancellationTokenSource held)
    {
        using var timer = new PeriodicTimer(IssuanceBook.Lease / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(held.Token))
            {
                try
                {
                    if (!await book.ExtendAsync(state, clock.GetUtcNow() + IssuanceBook.Lease, held.Token))
                        await held.CancelAsync();
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    DatabaseTrouble.Tell(logger, failure, "a lease");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
    }

    private async Task GiveBackAsync(IssuanceState state)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await book.ExtendAsync(state, null, patience.Token);
        }
        catch (Exception failure)
        {
            DatabaseTrouble.Tell(logger, failure, "a lease");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Another process took over the certificate of Hostname {Id}: this one notes nothing more of it.")]
        public static partial void LeaseLost(ILogger logger, Guid id);
    }
}
