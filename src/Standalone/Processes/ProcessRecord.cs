using System.Text.Json;

namespace Gatehouse.Standalone.Processes;

/// <summary>What a control process leaves on disk about a process it started, so that the next one can adopt or stop it.</summary>
internal sealed record ProcessRecord
{
    public required ProcessIdentity Process { get; init; }

    /// <summary>Digest of everything the process was started with: another digest means that it must be replaced.</summary>
    public required string Options { get; init; }

    /// <summary>Where it answers health checks, if it does.</summary>
    public string? Admin { get; init; }

    /// <summary>The record in <paramref name="file"/> if its process still runs; null otherwise.</summary>
    public static ProcessRecord? ReadLive(string file)
    {
        try
        {
            var record = JsonSerializer.Deserialize<ProcessRecord>(File.ReadAllBytes(file));
            return record is { Process.IsAlive: true } ? record : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Replaces the file as a whole: a crash leaves the old record or the new one.</summary>
    public void Write(string file)
    {
        var draft = file + ".new";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this));
        File.Move(draft, file, overwrite: true);
    }
}
