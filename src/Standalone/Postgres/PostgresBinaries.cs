using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Standalone.Processes;

namespace Gatehouse.Standalone.Postgres;

/// <summary>A Postgres server that is installed somewhere.</summary>
/// <param name="Directory">Directory that holds <c>postgres</c> and <c>initdb</c>.</param>
/// <param name="Major">Its major version.</param>
internal sealed partial record PostgresBinaries(string Directory, int Major)
{
    /// <summary>The oldest version whose SQL the migrations use.</summary>
    public const int OldestMajor = 14;

    private static readonly string[] HomebrewRoots = ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"];

    public string Server => Path.Combine(Directory, "postgres");

    public string Initdb => Path.Combine(Directory, "initdb");

    /// <summary>Directories on PATH, then Debian's and Homebrew's versioned ones (newest first), then what an earlier start fetched.</summary>
    public static IEnumerable<string> UsualDirectories(string fetched) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(Versions("/usr/lib/postgresql", "*"))
            .Concat(HomebrewRoots.SelectMany(root => Versions(root, "postgresql*")))
            .Concat(Versions(fetched, "*"));

    /// <summary>The servers in these directories, in their order, each once.</summary>
    public static async Task<IReadOnlyList<PostgresBinaries>> FindAsync(IEnumerable<string> directories, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        foreach (var directory in directories.Select(Resolve).OfType<string>().Distinct())
        {
            var version = await Tool.RunAsync([Path.Combine(directory, "postgres"), "--version"], cancellationToken).ConfigureAwait(false);
            if (MajorOf(version.Output) is { } major and >= OldestMajor)
                found.Add(new PostgresBinaries(directory, major));
        }
        return found;
    }

    /// <summary>Major version that a data directory was made by; null if there is none yet.</summary>
    public static int? PinnedMajor(string dataDirectory)
    {
        var file = Path.Combine(dataDirectory, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var major) ? major : null;
    }

    /// <summary><c>postgres (PostgreSQL) 15.18 (Debian …)</c> → 15.</summary>
    internal static int? MajorOf(string version) =>
        VersionPattern().Match(version) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    // A link on PATH leads to the directory that also holds initdb.
    private static string? Resolve(string directory)
    {
        var server = new FileInfo(Path.Combine(directory, "postgres"));
        if (!server.Exists)
            return null;
        var real = Path.GetDirectoryName(server.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? server.FullName)!;
        return File.Exists(Path.Combine(real, "initdb")) ? real : File.Exists(Path.Combine(directory, "initdb")) ? directory : null;
    }

    private static IEnumerable<string> Versions(string root, string pattern) =>
        System.IO.Directory.Exists(root)
            ? System.IO.Directory.EnumerateDirectories(root, pattern).OrderByDescending(VersionIn).Select(directory => Path.Combine(directory, "bin"))
            : [];

    private static int VersionIn(string directory) =>
        int.TryParse(new string([.. Path.GetFileName(directory).Where(char.IsAsciiDigit)]), CultureInfo.InvariantCulture, out var version) ? version : 0;

    [GeneratedRegex(@"\(PostgreSQL\) (\d{1,4})")]
    private static partial Regex VersionPattern();
}
