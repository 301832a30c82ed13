using System.ComponentModel;
using System.Diagnostics;

namespace Gatehouse.Standalone.Processes;

/// <summary>Runs a command to its end and keeps what it said.</summary>
/// <param name="ExitCode">127 if there is no such command.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Tool(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last line that was said, for a message of one line.</summary>
    public string LastWords => (Error + "\n" + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no message";

    public static async Task<Tool> RunAsync(IEnumerable<string> command, CancellationToken cancellationToken, string workingDirectory = "/")
    {
        var words = command.ToList();
        var start = new ProcessStartInfo(words[0])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory,
        };
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            await using var stop = cancellationToken.Register(() => process.Kill(entireProcessTree: true)).ConfigureAwait(false);
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return new Tool(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (Win32Exception e)
        {
            return new Tool(127, "", e.Message);
        }
    }

    /// <summary>Where a command lies on PATH; null if it does not.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
}
