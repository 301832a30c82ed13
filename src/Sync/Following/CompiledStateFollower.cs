using Gatehouse.Control.Compiling;

namespace Gatehouse.Sync.Following;

/// <summary>
/// Takes each compiled state, the newest one when several came meanwhile. What projects it into a cluster is called here and
/// sees only Control's result: a projection never reinterprets.
/// </summary>
internal sealed partial class CompiledStateFollower(CompileHost compileHost, FollowedState followed, ILogger<CompiledStateFollower> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var state = await compileHost.WaitForRevisionAsync((followed.Revision ?? -1) + 1, stoppingToken);
                followed.Took(state.Revision);
                Log.Took(logger, state.Revision);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Took revision {Revision}")]
        public static partial void Took(ILogger logger, long revision);
    }
}
