namespace Gatehouse.Standalone.Processes;

/// <summary>Bounds the files that children append their output to.</summary>
internal static class LogFile
{
    private const long Large = 64 * 1024 * 1024;

    /// <summary>
    /// Keeps a copy as <c>.1</c> and empties the file if it is large. The writer may go on meanwhile: it appends, so its next
    /// line lands at the start.
    /// </summary>
    public static void SetAsideIfLarge(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists || info.Length < Large)
            return;
        File.Copy(file, file + ".1", overwrite: true);
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(0);
    }

    /// <summary>Does so once a minute for all logs of a directory, until it is cancelled.</summary>
    public static async Task KeepSmallAsync(string directory, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var file in Directory.EnumerateFiles(directory, "*.log"))
                SetAsideIfLarge(file);
            await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The last line that says something, for a message of one line.</summary>
    public static string LastWords(string file)
    {
        if (!File.Exists(file))
            return "no message";
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(stream.Length, 8192), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no message";
    }
}
