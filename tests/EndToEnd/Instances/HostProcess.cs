using System.Diagnostics;
using System.Net;
using System.Text;
using Gatehouse.Standalone.Processes;

namespace Gatehouse.EndToEnd.Instances;

/// <summary>One host as a container runs it: its assembly, and nothing but variables.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private HostProcess(Process process) => this.process = process;

    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <param name="url">Where it listens.</param>
    public async Task WaitUntilReadyAsync(Uri url)
    {
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                if ((await http.GetAsync(new Uri(url, "readyz"))).StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(100);
        }
        throw new TimeoutException($"{url} is not ready: {Output}");
    }

    public static HostProcess Start(string project, params (string Name, string Value)[] environment)
    {
        // …/src/Standalone/bin/Release/net10.0/X.dll → …/src/Api/bin/Release/net10.0/Gatehouse.Api.dll
        var standalone = Path.GetDirectoryName(StandaloneRun.Assembly)!;
        var root = Path.GetFullPath(Path.Combine(standalone, "../../../../.."));
        var folder = Path.GetFileName(project) == "Migrations" ? Path.Combine(root, "migrations") : Path.Combine(root, "src", project);
        var assembly = Path.Combine(folder, Path.GetRelativePath(Path.Combine(root, "src", "Standalone"), standalone), $"Gatehouse.{project}.dll");
        var start = new ProcessStartInfo("dotnet", [assembly]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GATEHOUSE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var host = new HostProcess(new Process { StartInfo = start });
        host.process.OutputDataReceived += (_, line) => host.Keep(line.Data);
        host.process.ErrorDataReceived += (_, line) => host.Keep(line.Data);
        host.process.Start();
        host.process.BeginOutputReadLine();
        host.process.BeginErrorReadLine();
        return host;
    }

    public void Signal(int signal) => Posix.Signal(process.Id, signal);

    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Posix.Signal(process.Id, Posix.Terminate);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(15)));
        }
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }
}
