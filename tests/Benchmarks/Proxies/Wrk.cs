using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gatehouse.Benchmarks.Proxies;

/// <summary>Runs wrk.</summary>
internal static partial class Wrk
{
    /// <summary>Requests in the given time and how many of them failed.</summary>
    public static (long Requests, long Failed) Run(int core, int port, string host, int seconds, string? script = null)
    {
        var arguments = new List<string>
        {
            "-c", core.ToString(CultureInfo.InvariantCulture), "wrk", "-t1", "-c32", $"-d{seconds}s", "-H", $"Host: {host}",
        };
        if (script is not null)
            arguments.AddRange(["-s", script]);
        arguments.Add($"http://127.0.0.1:{port}/");
        using var process = Process.Start(new ProcessStartInfo("taskset", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (Requests().Match(output) is not { Success: true } match)
            throw new InvalidOperationException($"wrk said: {output}");
        var failed = Failures().Match(output) is { Success: true } failures ? long.Parse(failures.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        return (long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), failed);
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex Failures();
}
