using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Gatehouse.Standalone.Manifests;
using Gatehouse.Standalone.Options;

namespace Gatehouse.Standalone.Checks;

/// <summary>`./gatehouse check`: ends with 0 when everything is well, 1 when something is not, 2 when that cannot be told.</summary>
internal static class CheckCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var access = new ApiAccess();
        var tenant = new Option<string?>("--tenant") { Description = "Check this tenant alone (default: everything that the token may read)" };
        var cluster = new Option<string?>("--cluster") { Description = "Check only what concerns this Kubernetes cluster" };
        var wait = new Option<TimeSpan>("--wait") { Description = "How long to wait until all is well, such as 60s (default: not at all)", CustomParser = ReadWait };
        var strict = new Option<bool>("--strict") { Description = "Let warnings fail the check too" };
        var command = new Command("check", "Check that everything serves as it is meant to: 0 all is well, 1 something is not, 2 that cannot be told");
        foreach (var option in new Option[] { tenant, cluster, wait, strict }.Concat(access.Options))
            command.Options.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                using var http = access.Connect(result);
                return await RunAsync(new ObjectReader(http), result.GetValue(tenant), result.GetValue(cluster), result.GetValue(wait), result.GetValue(strict), cancellationToken).ConfigureAwait(false);
            }
            catch (StartupFailure failure)
            {
                await Console.Error.WriteLineAsync($"gatehouse: {failure.Message}").ConfigureAwait(false);
                return 2;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(ObjectReader reader, string? tenant, string? cluster, TimeSpan wait, bool strict, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var objects = await reader.ReadAsync(tenant, cluster, cancellationToken).ConfigureAwait(false);
            var findings = Judgement.Of(objects);
            var fails = findings.Any(finding => strict || finding.Severity == Severity.Bad);
            if (!fails || Stopwatch.GetElapsedTime(since) >= wait)
            {
                CheckReport.Write(Console.Out, objects, findings);
                return fails ? 1 : 0;
            }
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan ReadWait(ArgumentResult argument)
    {
        if (OptionValues.Duration(argument.Tokens[0].Value, out var error) is { } duration)
            return duration;
        argument.AddError($"--wait: {error}");
        return TimeSpan.Zero;
    }
}
