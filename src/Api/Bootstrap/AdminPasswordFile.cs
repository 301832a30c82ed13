using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Api.Bootstrap;

/// <summary>Where the generated password of the first admin is written, for the operator alone.</summary>
internal sealed partial class AdminPasswordFile(ApiHostOptions options, ILogger<AdminPasswordFile> logger)
{
    private const string Name = "admin-password";

    /// <summary>Generates a password and writes it; null: there is no directory for it, so no first user either.</summary>
    public Secret? Create()
    {
        if (options.DataDirectory is not { } directory)
        {
            Log.NoDirectory(logger);
            return null;
        }
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, Name);
        File.Delete(path);
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(path, mode))
            writer.WriteLine(password);
        Log.Written(logger, path);
        return new Secret(password);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "There is no first user: set an admin password or a data directory.")]
        public static partial void NoDirectory(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "The first admin's password is in {Path}.")]
        public static partial void Written(ILogger logger, string path);
    }
}
