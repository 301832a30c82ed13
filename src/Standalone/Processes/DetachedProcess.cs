using System.Diagnostics;

namespace Gatehouse.Standalone.Processes;

/// <summary>Starts a process in a session of its own, so that neither Ctrl-C at the terminal nor our own end reaches it.</summary>
internal sealed record DetachedProcess
{
    public required string Program { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Everything the process may see of the environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>File that its output is appended to.</summary>
    public required string LogFile { get; init; }

    /// <summary>Words before the command that become it in place, for example to run it as another user.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    public ProcessIdentity Start()
    {
        var command = Session().Concat(["sh", "-c", "exec \"$@\" </dev/null >>\"$GATEHOUSE_LOG\" 2>&1", "sh"])
            .Concat(Launcher).Append(Program).Concat(Arguments).ToList();
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        start.Environment["GATEHOUSE_LOG"] = LogFile;
        using var process = Process.Start(start) ?? throw new StartupFailure($"cannot start {Program}");
        // setsid, sh and setpriv each become the next program in place, so this id is the id of what runs in the end.
        return ProcessIdentity.Of(process.Id) ?? throw new StartupFailure($"{Path.GetFileName(Program)} ended at once: see {LogFile}");
    }

    /// <summary>What of our own environment any child needs; nothing of GATEHOUSE_…, where secrets may be.</summary>
    public static Dictionary<string, string> PlainEnvironment()
    {
        string[] names = ["PATH", "HOME", "TMPDIR", "TZ", "DOTNET_ROOT", "SSL_CERT_FILE", "SSL_CERT_DIR"];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                environment[name] = value;
        }
        return environment;
    }

    // macOS has no setsid command, but always Perl.
    private static string[] Session() =>
        OperatingSystem.IsLinux() ? ["setsid"] : ["perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV or exit 127", "--"];
}
