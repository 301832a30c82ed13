using Gatehouse.Api.Database;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Persistence.PrivateKeys;

namespace Gatehouse.Api.Certificates;

/// <summary>
/// Reads the KEKs again when their file changes, checks the stored keys and brings them under the first KEK, while everything goes on.
/// What is done is done: a process that was killed half-way goes on where it stopped, and several may work at once.
/// </summary>
internal sealed partial class KeyRotation(
    KeyRingSource keys, PrivateKeyCheck check, IServiceScopeFactory scopes, TimeProvider clock, ILogger<KeyRotation> logger) : BackgroundService
{
    private static readonly TimeSpan FileCheck = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FullCheck = TimeSpan.FromMinutes(5);

    private string? _problem;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? checkedAt = null;
        using var timer = new PeriodicTimer(FileCheck, clock);
        try
        {
            do
            {
                if (!Reload() && checkedAt is { } last && clock.GetElapsedTime(last) < FullCheck)
                    continue;
                checkedAt = await TryRunAsync(stoppingToken) ? clock.GetTimestamp() : null;
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private bool Reload()
    {
        try
        {
            var changed = keys.Reload();
            _problem = null;
            if (changed)
                Log.Reloaded(logger, keys.Current!.ToString(), keys.Current.ActiveId);
            return changed;
        }
        catch (KeyRingException failure)
        {
            // What was read before stays in use; told once, not every two seconds.
            if (_problem != failure.Message)
                Log.CannotReload(logger, failure.Message);
            _problem = failure.Message;
            return false;
        }
    }

    private async Task<bool> TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (!DatabaseFailures.IsUnavailable(failure))
                Log.Failed(logger, failure);
            return false;
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var ring = keys.Current;
        var found = await check.RunAsync(ring, cancellationToken);
        if (found.Unreadable > 0)
            Log.Unreadable(logger, found.Unreadable, found.Total, string.Join(", ", found.UnreadableUnder));
        if (ring is null || found.TenantsToRotate.Count == 0)
            return;
        Log.Rotating(logger, ring.ActiveId, found.TenantsToRotate.Count);
        long done = 0;
        foreach (var tenant in found.TenantsToRotate)
        {
            await using var scope = scopes.CreateAsyncScope();
            done += await scope.ServiceProvider.GetRequiredService<TenantKeyRotation>().RunAsync(tenant, ring, cancellationToken);
        }
        var left = (await check.CountAsync(cancellationToken)).Where(count => count.Key != ring.ActiveId).Sum(count => count.Value);
        if (left == 0)
            Log.Rotated(logger, done, ring.ActiveId);
        else
            Log.PartlyRotated(logger, done, ring.ActiveId, left);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The key-encryption keys were read again: {Ids}; {Active} encrypts.")]
        public static partial void Reloaded(ILogger logger, string ids, string active);

        [LoggerMessage(LogLevel.Error, "{Problem} Those that were read before stay in use.")]
        public static partial void CannotReload(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Error, "The private keys and kubeconfigs could not be checked; it is tried again.")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "{Unreadable} of {Total} private keys and kubeconfigs cannot be decrypted (they name the key-encryption keys {Ids}): configure those keys again, or upload the certificates and kubeconfigs anew.")]
        public static partial void Unreadable(ILogger logger, long unreadable, long total, string ids);

        [LoggerMessage(LogLevel.Information, "Bringing private keys and kubeconfigs of {Tenants} tenants under key-encryption key {Active}.")]
        public static partial void Rotating(ILogger logger, string active, int tenants);

        [LoggerMessage(LogLevel.Warning, "{Done} private keys and kubeconfigs were brought under key-encryption key {Active}, which all are under now: the others can be removed from the configuration.")]
        public static partial void Rotated(ILogger logger, long done, string active);

        [LoggerMessage(LogLevel.Warning, "{Done} private keys and kubeconfigs were brought under key-encryption key {Active}; {Left} are under others still.")]
        public static partial void PartlyRotated(ILogger logger, long done, string active, long left);
    }
}
