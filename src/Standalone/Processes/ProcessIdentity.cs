using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Gatehouse.Standalone.Processes;

/// <summary>
/// A process id and when that process began: together they name one process for ever, while an id alone may belong to an
/// unrelated process after a restart of the machine.
/// </summary>
/// <param name="Pid">Process id.</param>
/// <param name="Started">Start as the system counts it: boot id and clock ticks on Linux, ticks of UTC elsewhere.</param>
internal sealed record ProcessIdentity(int Pid, string Started)
{
    /// <summary>The process that has this id now; null if there is none, or only the remains of one that has ended.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        if (pid <= 1)
            return null;
        var started = OperatingSystem.IsLinux() ? StartOnLinux(pid) : StartElsewhere(pid);
        return started is null ? null : new ProcessIdentity(pid, started);
    }

    [JsonIgnore]
    public bool IsAlive => this == Of(Pid);

    public bool Signal(int signal) => IsAlive && Posix.Signal(Pid, signal);

    /// <summary>Waits until the process has ended; false if it still runs after <paramref name="patience"/>.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (IsAlive)
        {
            if (Stopwatch.GetElapsedTime(begun) > patience)
                return false;
            await Task.Delay(20, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    private static string? StartOnLinux(int pid)
    {
        try
        {
            // The name in parentheses may hold anything, so fields are counted from its end: the state is first, the start is the 20th.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : $"{BootId}:{fields[19]}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? StartElsewhere(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static readonly string BootId = ReadBootId();

    private static string ReadBootId()
    {
        const string file = "/proc/sys/kernel/random/boot_id";
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
    }
}
