using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.Startup;

public sealed class FileWatchTests
{
    [Fact]
    public async Task Instance_Started_WatchesNoFilesOfWhereItWasStarted()
    {
        await using var instance = await StandaloneInstance.StartNewAsync();

        foreach (var pid in new[] { instance.Run.Pid, instance.DataPlane.Pid })
        {
            var watches = Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Where(fd => new FileInfo(fd).LinkTarget?.Contains("inotify", StringComparison.Ordinal) ?? false);
            Assert.Empty(watches);
        }
    }
}
