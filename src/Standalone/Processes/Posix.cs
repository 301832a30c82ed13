using System.Runtime.InteropServices;

namespace Gatehouse.Standalone.Processes;

/// <summary>The few system calls that .NET has no name for.</summary>
internal static partial class Posix
{
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Terminate = 15;

    public static bool IsRoot => UserId == 0;

    public static uint UserId => EffectiveUserId();

    /// <summary>Sends a signal; false if there is no such process (any more) or it is not ours.</summary>
    public static bool Signal(int pid, int signal) => pid > 1 && SendSignal(pid, signal) == 0;

    /// <summary>Gives a file or directory to another user.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void GiveTo(string path, uint user, uint group)
    {
        if (ChangeOwner(path, user, group) != 0)
            throw new IOException($"cannot give {path} to user {user}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
