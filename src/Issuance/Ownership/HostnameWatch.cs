using Gatehouse.Persistence;
using Gatehouse.Persistence.Hostnames;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Issuance.Ownership;

/// <summary>Looks at the DNS of all Hostnames when it is due, some at a time and fairly among tenants, and ends quarantines.</summary>
internal sealed partial class HostnameWatch(
    HostnameChecks checks, HostnameChecker checker, IssuanceSignal signal, IServiceScopeFactory scopes, TimeProvider clock, ILogger<HostnameWatch> logger) : BackgroundService
{
    private const int Parallel = 32;
    private const int PerTenant = 8;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuarantinePoll = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _free = new(Parallel, Parallel);

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
        long? quarantines = null;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var next = signal.Next;
                try
                {
                    if (quarantines is not { } last || clock.GetElapsedTime(last) >= QuarantinePoll)
                    {
                        await EndQuarantinesAsync(stoppingToken);
                        quarantines = clock.GetTimestamp();
                    }
                    running.RemoveWhere(task => task.IsCompleted);
                    if (_free.CurrentCount > 0)
                    {
                        foreach (var check in await checks.TakeAsync(_free.CurrentCount, PerTenant, stoppingToken))
                            running.Add(RunAsync(check, stoppingToken));
                    }
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    DatabaseTrouble.Tell(logger, failure, "hostnames");
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

    private async Task RunAsync(HostnameCheck check, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            await checker.CheckAsync(check, HostnameChecker.Background, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The lease ends by itself.
        }
        catch (Exception failure)
        {
            DatabaseTrouble.Tell(logger, failure, "a hostname");
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task EndQuarantinesAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await PlatformTenant.FindAsync(scope.ServiceProvider, cancellationToken) is not { } platform)
            return;
        await using var transaction = await scope.ServiceProvider.GetRequiredService<Transactions>().WriteAsync(platform, HostnameChecker.Background, cancellationToken);
        await scope.ServiceProvider.GetRequiredService<HostnameLedger>().EndQuarantinesAsync(transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
