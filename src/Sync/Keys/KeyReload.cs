using Gatehouse.Persistence.PrivateKeys;

namespace Gatehouse.Sync.Keys;

/// <summary>Reads the KEKs again when their file changes, so that rotating needs no restart.</summary>
internal sealed partial class KeyReload(KeyRingSource keys, TimeProvider clock, ILogger<KeyReload> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private string? _problem;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Reload();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Reload()
    {
        try
        {
            keys.Reload();
            _problem = null;
        }
        catch (KeyRingException failure)
        {
            // What was read before stays in use; told once, not every two seconds.
            if (_problem != failure.Message)
                Log.CannotReload(logger, failure.Message);
            _problem = failure.Message;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Problem} Those that were read before stay in use.")]
        public static partial void CannotReload(ILogger logger, string problem);
    }
}
