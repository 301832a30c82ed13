using System.Diagnostics;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Standalone.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gatehouse.EndToEnd.Processes;

public sealed class ProcessTests
{
    [Fact]
    public async Task Identity_OfAnEndedProcess_IsNotAlive()
    {
        using var process = Process.Start("sleep", "60");
        var identity = ProcessIdentity.Of(process.Id)!;
        Assert.True(identity.IsAlive);

        identity.Signal(Posix.Kill);

        Assert.True(await identity.WaitForExitAsync(TimeSpan.FromSeconds(5), CancellationToken.None));
        Assert.False(identity.Signal(Posix.Terminate));
    }

    [Fact]
    public void Identity_WithAnotherStart_IsAnotherProcess()
    {
        var own = ProcessIdentity.Of(Environment.ProcessId)!;

        Assert.True(own.IsAlive);
        Assert.False((own with { Started = own.Started + "0" }).IsAlive);
    }

    [Fact]
    public async Task DetachedProcess_Started_LeadsItsOwnSessionAndSeesOnlyItsEnvironment()
    {
        using var directory = new TemporaryDirectory();
        Environment.SetEnvironmentVariable("GATEHOUSE_ADMIN_TOKEN", "a-secret-of-the-control-process");
        var process = new DetachedProcess
        {
            Program = "/bin/sh",
            Arguments = ["-c", "echo started; env; exec sleep 60"],
            Environment = DetachedProcess.PlainEnvironment(),
            LogFile = directory.In("log"),
        }.Start();
        Environment.SetEnvironmentVariable("GATEHOUSE_ADMIN_TOKEN", null);
        for (var i = 0; i < 100 && !(File.Exists(directory.In("log")) && (await File.ReadAllTextAsync(directory.In("log"))).Contains("started", StringComparison.Ordinal)); i++)
            await Task.Delay(20);
        var stat = await File.ReadAllTextAsync($"/proc/{process.Pid}/stat");
        var log = await File.ReadAllTextAsync(directory.In("log"));
        process.Signal(Posix.Kill);

        // state, parent, group, session: the session is named after the process that leads it.
        Assert.Equal($"{process.Pid}", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3]);
        Assert.DoesNotContain("a-secret", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(30, 10)]
    public void Supervisor_AfterFailures_WaitsLonger(int failures, double seconds) => Assert.Equal(seconds, Supervisor.Pause(failures).TotalSeconds);

    [Fact]
    public async Task Supervisor_OfAProcessThatEnds_StartsItAgainUntilItIsCancelled()
    {
        using var stop = new CancellationTokenSource();
        var started = new List<Process> { Process.Start("sleep", "60") };
        var supervisor = new Supervisor("sleep", _ => Task.FromResult(StartAnother()), NullLogger.Instance, TimeProvider.System);
        var running = supervisor.RunAsync(ProcessIdentity.Of(started[0].Id)!, stop.Token);

        started[0].Kill();
        for (var i = 0; i < 200 && started.Count < 2; i++)
            await Task.Delay(20);
        await stop.CancelAsync();
        await running;
        started[^1].Kill();

        Assert.Equal(2, started.Count);
        started.ForEach(process => process.Dispose());

        ProcessIdentity StartAnother()
        {
            started.Add(Process.Start("sleep", "60"));
            return ProcessIdentity.Of(started[^1].Id)!;
        }
    }

    [Fact]
    public void LogFile_GrownLarge_IsSetAsideAndGoesOnFromItsStart()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.In("x.log");
        using var writer = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        writer.SetLength(65 * 1024 * 1024);

        LogFile.SetAsideIfLarge(file);

        Assert.Equal(0, new FileInfo(file).Length);
        Assert.Equal(65 * 1024 * 1024, new FileInfo(file + ".1").Length);
    }
}
