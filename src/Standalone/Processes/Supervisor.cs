using System.Globalization;

namespace Gatehouse.Standalone.Processes;

/// <summary>Keeps one process running: starts it again when it has ended, sooner at first and less often if it keeps ending.</summary>
internal sealed partial class Supervisor(string name, Func<CancellationToken, Task<ProcessIdentity>> restart, ILogger logger, TimeProvider clock)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CountsAsStable = TimeSpan.FromMinutes(1);

    /// <summary>Watches until it is cancelled; never throws anything else.</summary>
    public async Task RunAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        var failures = 0;
        var started = clock.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Period, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested || process.IsAlive)
                continue;
            failures = clock.GetElapsedTime(started) > CountsAsStable ? 0 : failures;
            var pause = Pause(failures++);
            Log.Ended(logger, name, process.Pid, pause.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture));
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            process = await TryRestartAsync(process, cancellationToken).ConfigureAwait(false);
            started = clock.GetTimestamp();
        }
    }

    /// <summary>Nothing after the first failure, then 0.5 s, 1 s, 2 s …</summary>
    internal static TimeSpan Pause(int failures) =>
        failures == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, failures - 2)));

    private async Task<ProcessIdentity> TryRestartAsync(ProcessIdentity ended, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ended;
        try
        {
            var process = await restart(cancellationToken).ConfigureAwait(false);
            Log.Restarted(logger, name, process.Pid);
            return process;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.NotRestarted(logger, name, e.Message);
            return ended;
        }
        catch (OperationCanceledException)
        {
            return ended;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Name} (pid {Pid}) has ended; starting it again in {Seconds} s")]
        public static partial void Ended(ILogger logger, string name, int pid, string seconds);

        [LoggerMessage(2, LogLevel.Information, "{Name} runs again (pid {Pid})")]
        public static partial void Restarted(ILogger logger, string name, int pid);

        [LoggerMessage(3, LogLevel.Error, "{Name} could not be started: {Reason}")]
        public static partial void NotRestarted(ILogger logger, string name, string reason);
    }
}
