using System.Globalization;
using Gatehouse.Standalone.Instance;
using Gatehouse.Standalone.Processes;

namespace Gatehouse.Standalone.Postgres;

/// <summary>The data directory of the embedded Postgres: who owns it, how it is made, what an earlier server left in it.</summary>
internal sealed class PostgresCluster(string directory, SystemUser? user)
{
    public string Directory { get; } = directory;

    public SystemUser? User { get; } = user;

    private string LockFile => Path.Combine(Directory, "postmaster.pid");

    /// <summary>Decides who Postgres runs as: we ourselves, or as root the owner of the files or an account without privileges.</summary>
    public static async Task<PostgresCluster> OpenAsync(string directory, string socketDirectory, CancellationToken cancellationToken)
    {
        if (!Posix.IsRoot)
            return new PostgresCluster(directory, null);
        var owner = System.IO.Directory.Exists(directory) ? await SystemUser.OwnerOfAsync(directory, cancellationToken).ConfigureAwait(false) : null;
        var user = owner is { UserId: not 0 } ? owner : SystemUser.Find("postgres", "nobody");
        if (user is null)
            throw new StartupFailure("Postgres does not run as root, and there is no user postgres or nobody: start Gatehouse as an unprivileged user.");
        foreach (var path in new[] { Path.GetDirectoryName(directory)!, Path.GetDirectoryName(socketDirectory)! })
        {
            if (await user.FirstClosedDirectoryAsync(path, cancellationToken).ConfigureAwait(false) is { } closed)
                throw new StartupFailure($"Postgres does not run as root, and user {user.Name} cannot enter {closed}: choose another --data-dir (for example /var/lib/gatehouse), or chmod o+x {closed}.");
        }
        return new PostgresCluster(directory, user);
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
            [.. User?.RunAs() ?? [], binaries.Initdb, "-D", draft, "-U", "postgres", "--pwfile", passwordFile, "--auth=scram-sha-256", "-E", "UTF8", "--no-locale"],
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
