using Gatehouse.Standalone.Processes;

namespace Gatehouse.Standalone.Instance;

/// <summary>Where everything lies that survives a restart. Holding it open keeps a second instance out.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream instanceLock;

    private DataDirectory(string path, FileStream instanceLock)
    {
        Path = path;
        this.instanceLock = instanceLock;
    }

    public string Path { get; }

    public string Secrets => In("secrets.json");

    /// <summary>Key-encryption keys, unless they are kept elsewhere.</summary>
    public string KeyEncryptionKeys => In("kek");

    public string PostgresData => In("postgres");

    public string DataPlane => Folder("data-plane");

    public string Keys => Folder("keys");

    public string Logs => Folder("logs");

    /// <summary>Opens it, and makes it if it is missing.</summary>
    /// <exception cref="StartupFailure">It cannot be written, or another instance uses it.</exception>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (!Directory.Exists(full))
                Directory.CreateDirectory(full, DirectoryMode);
            var instanceLock = Lock(System.IO.Path.Combine(full, "lock"));
            return new DataDirectory(full, instanceLock);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StartupFailure($"cannot write the data directory {full}: {e.Message} Choose another with --data-dir, or change its owner.", e);
        }
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A file for the output of the child of that name. What an earlier run left is set aside once it has grown large.</summary>
    public string LogOf(string name)
    {
        var file = System.IO.Path.Combine(Logs, name + ".log");
        LogFile.SetAsideIfLarge(file);
        return file;
    }

    public void Dispose() => instanceLock.Dispose();

    // As root the directory must let the account in that Postgres runs as; what is secret in it has modes of its own.
    private static UnixFileMode DirectoryMode => Posix.IsRoot
        ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
        : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static FileStream Lock(string file)
    {
        try
        {
            return new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException e) when (File.Exists(file) && e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            var directory = System.IO.Path.GetDirectoryName(file);
            throw new StartupFailure($"another Gatehouse uses the data directory {directory}: stop it, or choose another with --data-dir.", e);
        }
    }

    private string Folder(string name)
    {
        var path = In(name);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
