using System.Globalization;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Processes;

namespace Gatehouse.Standalone.Postgres;

/// <summary>The data directory of the embedded Postgres: who owns it, how it is made, what an earlier server left in it.</summary>
internal sealed class PostgresCluster
{
    // Descriptors that the shell opens, as root, before it becomes Postgres: a way into a place whose parents Postgres may not enter.
    private const string ClusterDescriptor = "/proc/self/fd/9";
    private const string SocketDescriptor = "/proc/self/fd/8";

    private readonly bool isBehindClosedDirectory;

    private PostgresCluster(string directory, SystemUser? user, bool isBehindClosedDirectory)
    {
        Directory = directory;
        User = user;
        this.isBehindClosedDirectory = isBehindClosedDirectory;
    }

    public string Directory { get; }

    public SystemUser? User { get; }

    /// <summary>Words before a command that let it, as <see cref="User"/>, reach the cluster and the socket's directory by <see cref="PathOfCluster"/> and <see cref="PathOfSocket"/>.</summary>
    public IReadOnlyList<string> Reach(string cluster, string socketDirectory) =>
        [.. isBehindClosedDirectory ? ["sh", "-c", "exec 9<\"$1\" 8<\"$2\"; shift 2; exec \"$@\"", "sh", cluster, socketDirectory] : (string[])[], .. User?.RunAs() ?? []];

    /// <summary>What Postgres calls its directory.</summary>
    public string PathOfCluster(string cluster) => isBehindClosedDirectory ? ClusterDescriptor : cluster;

    /// <summary>What Postgres calls the directory of its socket.</summary>
    public string PathOfSocket(string socketDirectory) => isBehindClosedDirectory ? SocketDescriptor : socketDirectory;

    private string LockFile => Path.Combine(Directory, "postmaster.pid");

    /// <summary>Decides who Postgres runs as: we ourselves, or as root the owner of the files or an account without privileges.</summary>
    public static async Task<PostgresCluster> OpenAsync(string directory, string socketDirectory, CancellationToken cancellationToken)
    {
        if (!Posix.IsRoot)
            return new PostgresCluster(directory, null, isBehindClosedDirectory: false);
        var owner = System.IO.Directory.Exists(directory) ? await SystemUser.OwnerOfAsync(directory, cancellationToken).ConfigureAwait(false) : null;
        var user = owner is { UserId: not 0 } ? owner : SystemUser.Find("postgres", "nobody");
        if (user is null)
            throw new StartupFailure("Postgres does not run as root, and there is no user postgres or nobody: start Gatehouse as an unprivileged user.");
        var parent = Path.GetDirectoryName(directory)!;
        var closed = await user.FirstClosedDirectoryAsync(parent, cancellationToken).ConfigureAwait(false);
        // Whoever is put into a directory can work there, whatever the way to it is like: what must be open is the data directory itself.
        var isBehind = closed is not null && OperatingSystem.IsLinux() && await user.CanEnterAsync(parent, cancellationToken).ConfigureAwait(false);
        if (closed is null || isBehind)
            closed = Path.GetDirectoryName(socketDirectory) is { } place && place != parent ? await user.FirstClosedDirectoryAsync(place, cancellationToken).ConfigureAwait(false) : null;
        if (closed is not null)
            throw new StartupFailure($"Postgres does not run as root, and user {user.Name} cannot enter {closed}: choose another --data-dir (for example /var/lib/gatehouse), or chmod o+x {closed}.");
        return new PostgresCluster(directory, user, isBehind);
    }

    /// <summary>Makes the cluster if there is none: elsewhere first, so that an interrupted attempt leaves nothing behind.</summary>
    public async Task InitializeAsync(PostgresBinaries binaries, string password, CancellationToken cancellationToken)
    {
        if (PostgresBinaries.PinnedMajor(Directory) is not null)
            return;
        var draft = Directory + ".new";
        if (System.IO.Directory.Exists(draft))
            System.IO.Directory.Delete(draft, recursive: true);
        System.IO.Directory.CreateDirectory(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var passwordFile = Directory + ".password";
        SecretFile.Write(passwordFile, System.Text.Encoding.ASCII.GetBytes(password));
        if (User is not null)
        {
            Posix.GiveTo(draft, User.UserId, User.GroupId);
            Posix.GiveTo(passwordFile, User.UserId, User.GroupId);
        }
        var initdb = await Tool.RunAsync(
            [.. Reach(draft, draft), binaries.Initdb, "-D", PathOfCluster(draft), "-U", "postgres", "--pwfile", isBehindClosedDirectory ? $"{ClusterDescriptor}/../{Path.GetFileName(passwordFile)}" : passwordFile, "--auth=scram-sha-256", "-E", "UTF8", "--no-locale"],
            cancellationToken).ConfigureAwait(false);
        File.Delete(passwordFile);
        if (!initdb.Succeeded)
            throw new StartupFailure($"{binaries.Initdb} cannot make a database in {draft}: {initdb.LastWords}");
        System.IO.Directory.Move(draft, Directory);
    }

    /// <summary>
    /// The server that holds this cluster according to its own lock file. A lock file whose process id meanwhile belongs to
    /// something else is removed: Postgres would take that for another server and refuse to start.
    /// </summary>
    public async Task<ProcessIdentity?> FindServerAsync(CancellationToken cancellationToken)
    {
        if (ReadLock() is not [var first, ..] || !int.TryParse(first, CultureInfo.InvariantCulture, out var pid))
            return null;
        if (ProcessIdentity.Of(pid) is not { } process)
            return null;
        if ((await CommandLineOfAsync(first, cancellationToken).ConfigureAwait(false)).Contains(Directory, StringComparison.Ordinal))
            return process;
        File.Delete(LockFile);
        return null;
    }

    /// <summary>Whether this process says that it takes connections (the lock file's eighth line).</summary>
    public bool IsReady(ProcessIdentity server) =>
        ReadLock() is { Length: >= 8 } lines && lines[0] == server.Pid.ToString(CultureInfo.InvariantCulture) && lines[7].StartsWith("ready", StringComparison.Ordinal);

    private string[] ReadLock()
    {
        try
        {
            return File.ReadAllLines(LockFile);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static async Task<string> CommandLineOfAsync(string pid, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return (await Tool.RunAsync(["ps", "-ww", "-o", "command=", "-p", pid], cancellationToken).ConfigureAwait(false)).Output;
        try
        {
            return await File.ReadAllTextAsync($"/proc/{pid}/cmdline", cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
