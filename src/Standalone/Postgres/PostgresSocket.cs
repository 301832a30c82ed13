using System.Security.Cryptography;
using System.Text;
using Gatehouse.Standalone.Processes;

namespace Gatehouse.Standalone.Postgres;

/// <summary>The directory of the Unix socket that Postgres is reached by.</summary>
internal static class PostgresSocket
{
    /// <summary>The longest path of a Unix socket, without its closing zero: 107 bytes on Linux, 103 on macOS.</summary>
    private static readonly int LongestPath = OperatingSystem.IsLinux() ? 107 : 103;

    /// <summary>Name that Postgres gives its socket; the port only names it, nothing listens on TCP.</summary>
    private const string Name = ".s.PGSQL.5432";

    /// <summary>The directory <c>run</c> in the data directory, or a short one elsewhere if that path is too long for a socket.</summary>
    public static string DirectoryFor(string dataDirectory, out bool isElsewhere)
    {
        var preferred = Path.Combine(dataDirectory, "run");
        isElsewhere = !Fits(preferred);
        return isElsewhere ? Path.Combine(RuntimeRoot(), "gatehouse-" + Digest(dataDirectory)) : preferred;
    }

    /// <summary>Makes the directory so that its owner alone can enter it, and refuses one that somebody else has put there.</summary>
    public static async Task PrepareAsync(string directory, SystemUser? user, CancellationToken cancellationToken)
    {
        if (new DirectoryInfo(directory).LinkTarget is not null)
            throw new StartupFailure($"{directory} is a link that Gatehouse did not make: remove it.");
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (user is not null)
                Posix.GiveTo(directory, user.UserId, user.GroupId);
            return;
        }
        var owner = await SystemUser.OwnerOfAsync(directory, cancellationToken).ConfigureAwait(false);
        if (owner?.UserId != (user?.UserId ?? Posix.UserId))
            throw new StartupFailure($"{directory} belongs to user {owner?.Name ?? "unknown"}: remove it, or choose another --data-dir.");
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    internal static bool Fits(string directory) => Encoding.UTF8.GetByteCount(Path.Combine(directory, Name)) <= LongestPath;

    private static string RuntimeRoot()
    {
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return !Posix.IsRoot && runtime is { Length: > 0 and < 60 } && Directory.Exists(runtime) ? runtime : "/tmp";
    }

    private static string Digest(string dataDirectory) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataDirectory)))[..12];
}
