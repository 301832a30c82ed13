using System.Diagnostics;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Options;

namespace Gatehouse.Standalone.Up;

/// <summary>`./gatehouse up` from its first line to its last.</summary>
internal static class UpRun
{
    private const int ForcedExit = 130;

    public static async Task<int> RunAsync(UpOptions options, CancellationToken cancellationToken)
    {
        using var signals = new StopSignals();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(signals.Requested, cancellationToken);
        using var data = DataDirectory.Open(options.DataDirectory);
        var secrets = Secrets.Load(data.Secrets);
        // The hosts' own settings decide what they log; started together, they tell only what matters.
        if (Environment.GetEnvironmentVariable("Logging__LogLevel__Default") is null)
            Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Warning");
        // A database that is away is told once, by who notices, not by each of its connections.
        Environment.SetEnvironmentVariable("Logging__LogLevel__Npgsql", "None");
        // The keys lie in a directory that only we can read; there is nothing to encrypt them with that does not lie there too.
        Environment.SetEnvironmentVariable("Logging__LogLevel__Microsoft.AspNetCore.DataProtection", "Error");
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
        await using var process = new ControlProcess(options, data, secrets, loggers, Console.WriteLine);
        await using var force = signals.Forced.Register(() => Force(process)).ConfigureAwait(false);
        var begun = Stopwatch.GetTimestamp();
        var isReady = false;
        try
        {
            await process.StartAsync(stopping.Token).ConfigureAwait(false);
            isReady = true;
            InstanceDescription.Of(options).Write(data);
            Banner.Print(Console.Out, options, data, secrets, Stopwatch.GetElapsedTime(begun));
            await Task.Delay(Timeout.Infinite, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Console.WriteLine("Stopping … (again: at once)");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Console.WriteLine("Stopping …");
        }
        finally
        {
            await process.StopAsync(keepAdopted: !isReady && !stopping.IsCancellationRequested).ConfigureAwait(false);
        }
        return 0;
    }

    private static void Force(ControlProcess process)
    {
        Console.WriteLine("Stopping at once.");
        _ = Task.Run(async () =>
        {
            await process.KillAsync().ConfigureAwait(false);
            Environment.Exit(ForcedExit);
        });
    }
}
