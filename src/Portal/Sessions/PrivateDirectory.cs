namespace Gatehouse.Portal.Sessions;

/// <summary>Directories that only the portal's own user may enter.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static DirectoryInfo Create(params string[] path)
    {
        var full = Path.GetFullPath(Path.Combine(path));
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(full) : Directory.CreateDirectory(full, OwnerOnly);
    }
}
