using System.Globalization;

namespace Gatehouse.Standalone.Processes;

/// <summary>An unprivileged account that a child runs as when we are root.</summary>
/// <param name="Name">Account name, for messages.</param>
/// <param name="UserId">Its id.</param>
/// <param name="GroupId">Its first group.</param>
internal sealed record SystemUser(string Name, uint UserId, uint GroupId)
{
    /// <summary>Words before a command that make it run as this user, in place.</summary>
    public IReadOnlyList<string> RunAs() =>
    [
        "setpriv", string.Create(CultureInfo.InvariantCulture, $"--reuid={UserId}"), string.Create(CultureInfo.InvariantCulture, $"--regid={GroupId}"), "--clear-groups",
    ];

    /// <summary>The first account of these names that exists and is not root.</summary>
    public static SystemUser? Find(params ReadOnlySpan<string> names)
    {
        var accounts = ReadAccounts();
        foreach (var name in names)
        {
            if (accounts.FirstOrDefault(account => account.Name == name && account.UserId != 0) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>Who owns a directory.</summary>
    public static async Task<SystemUser?> OwnerOfAsync(string directory, CancellationToken cancellationToken)
    {
        var listing = await Tool.RunAsync(["ls", "-nd", directory], cancellationToken).ConfigureAwait(false);
        var fields = listing.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!listing.Succeeded || fields.Length < 4)
            return null;
        var user = uint.Parse(fields[2], CultureInfo.InvariantCulture);
        var name = ReadAccounts().FirstOrDefault(account => account.UserId == user)?.Name ?? fields[2];
        return new SystemUser(name, user, uint.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    /// <summary>The first directory on the way to <paramref name="path"/>, itself included, that this user cannot enter; null if it can enter all.</summary>
    public async Task<string?> FirstClosedDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        var way = new List<string>();
        for (var directory = path; !string.IsNullOrEmpty(directory); directory = Path.GetDirectoryName(directory))
            way.Insert(0, directory);
        var test = RunAs().Concat(["sh", "-c", "for d do [ ! -d \"$d\" ] || [ -x \"$d\" ] || { printf '%s' \"$d\"; exit 0; }; done", "sh"]).Concat(way);
        var result = await Tool.RunAsync(test, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
            throw new StartupFailure($"cannot run a command as user {Name} ({result.LastWords}): start Gatehouse as an unprivileged user instead of root");
        return result.Output.Length == 0 ? null : result.Output;
    }

    /// <summary>Whether this user may use a directory that it is put into, whatever it may do on the way there.</summary>
    public async Task<bool> CanEnterAsync(string directory, CancellationToken cancellationToken) =>
        (await Tool.RunAsync([.. RunAs(), "test", "-x", "."], cancellationToken, workingDirectory: directory).ConfigureAwait(false)).Succeeded;

    private static List<SystemUser> ReadAccounts()
    {
        const string file = "/etc/passwd";
        if (!File.Exists(file))
            return [];
        return [.. File.ReadLines(file).Select(line => line.Split(':')).Where(fields => fields.Length >= 4)
            .Where(fields => uint.TryParse(fields[2], out _) && uint.TryParse(fields[3], out _))
            .Select(fields => new SystemUser(fields[0], uint.Parse(fields[2], CultureInfo.InvariantCulture), uint.Parse(fields[3], CultureInfo.InvariantCulture)))];
    }
}
