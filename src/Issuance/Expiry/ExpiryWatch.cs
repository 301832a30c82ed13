using Gatehouse.Control.Compiling;
using Gatehouse.Control.Status;
using Gatehouse.Gateway.Resources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Issuance.Expiry;

/// <summary>Looks soon after the start, and then each hour, which certificates end soon: counts them, and leaves audit events.</summary>
internal sealed class ExpiryWatch(CompileHost compiled, ExpiryEvents events, ExpiryMetrics metrics, TimeProvider clock, ILogger<ExpiryWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var done = false;
                try
                {
                    done = await LookAsync(stoppingToken);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    DatabaseTrouble.Tell(logger, failure, "certificates that expire");
                }
                await Task.Delay(done ? Pause : Soon, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var state = compiled.Current;
        if (!state.IsLoaded)
            return false;
        var now = clock.GetUtcNow();
        var counts = new Dictionary<(string Bucket, bool IsManaged), long>();
        DateTimeOffset? first = null;
        var due = new HashSet<ResourceKey>();
        foreach (var (key, status) in state.Snapshot.Statuses)
        {
            if (key.Kind != ResourceKind.Certificate || status.Certificate is not { } certificate)
                continue;
            first = first < certificate.NotAfter ? first : certificate.NotAfter;
            if (CertificateExpiry.Of(certificate, now) is not { } expiry)
                continue;
            var bucket = (ExpiryMetrics.BucketOf(expiry.Threshold), certificate.ManagedFor is not null);
            counts[bucket] = counts.GetValueOrDefault(bucket) + 1;
            due.Add(key);
        }
        metrics.Set(new ExpiryMetrics.Tally(counts, first, clock));
        events.Keep(due);
        foreach (var key in due)
        {
            var certificate = state.Snapshot.Statuses[key].Certificate!;
            await events.TellAsync(key, certificate, CertificateExpiry.Of(certificate, now)!, cancellationToken);
        }
        return true;
    }
}
