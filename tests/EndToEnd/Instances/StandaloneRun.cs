using System.Diagnostics;
using System.Reflection;
using System.Text;
using Gatehouse.Standalone.Processes;

namespace Gatehouse.EndToEnd.Instances;

/// <summary>The real program, run to its end or until it is ready.</summary>
internal sealed class StandaloneRun : IDisposable
{
    public static readonly string Assembly = System.Reflection.Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "StandaloneAssembly").Value!;

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StandaloneRun(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(errors, line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"it ended before it was ready: {Errors}\n{Output}"));
        process.EnableRaisingEvents = true;
    }

    public int Pid => process.Id;

    public bool HasExited => process.HasExited;

    public string Output => Read(output);

    public string Errors => Read(errors);

    public static StandaloneRun Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // A shell's background job, as CI may be, hands an ignored SIGINT down to all its children: they start as from a terminal.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM", "dotnet", Assembly]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GATEHOUSE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var run = new StandaloneRun(new Process { StartInfo = start });
        run.process.Start();
        run.process.BeginOutputReadLine();
        run.process.BeginErrorReadLine();
        return run;
    }

    /// <summary>Runs it to its end, which must come by itself.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> CompleteAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var run = Start(arguments, environment);
        // One that starts after all is stopped, so that the test fails by what it says.
        await Task.WhenAny(run.WaitForExitAsync(TimeSpan.FromSeconds(60)), run.ready.Task);
        if (!run.HasExited)
            run.Signal(Posix.Terminate);
        var code = await run.WaitForExitAsync(TimeSpan.FromSeconds(60));
        return (code, run.Output, run.Errors);
    }

    /// <summary>Returns once it has printed that it is ready.</summary>
    public Task WaitUntilReadyAsync() => ready.Task.WaitAsync(TimeSpan.FromSeconds(120));

    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public void Signal(int signal) => Posix.Signal(process.Id, signal);

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    private void Keep(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.AppendLine(line);
        if (line.StartsWith("Gatehouse is ready", StringComparison.Ordinal))
            ready.TrySetResult();
    }
}
