using System.Diagnostics;
using System.Net;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Standalone.Processes;
using Gatehouse.Testing.Backends;
using Xunit;

namespace Gatehouse.EndToEnd.Faults;

/// <summary>What a kill -9 leaves behind is adopted if it fits, stopped if it does not, and never mistaken for something else.</summary>
public sealed class AdoptionTests : IAsyncLifetime
{
    private const string Host = "adopt.example.com";

    private EchoBackend backend = null!;

    public async Task InitializeAsync() => backend = await EchoBackend.StartAsync("v1");

    public async Task DisposeAsync() => await backend.DisposeAsync();

    [Fact]
    public async Task Leftovers_OfOtherOptions_AreReplaced()
    {
        await using var first = await StandaloneInstance.StartNewAsync();
        await Objects.ServeAsync(first.Api, "adopt", Host, backend);
        var dataPlane = first.DataPlane;
        await first.KillControlAsync();

        await first.StartAsync("--backend-allow", "127.0.0.0/8");

        Assert.NotEqual(dataPlane, first.DataPlane);
        Assert.False(dataPlane.IsAlive);
        Assert.Equal(HttpStatusCode.OK, (await first.Traffic.GetAsync(Host)).Status);
    }

    [Fact]
    public async Task PidFiles_OfAnUnrelatedProcess_AreNotBelieved()
    {
        await using var instance = await StandaloneInstance.StartNewAsync();
        var (dataPlane, postgres) = (instance.DataPlane, instance.Postgres);
        await instance.KillControlAsync();
        dataPlane.Signal(Posix.Kill);
        postgres.Signal(Posix.Kill);
        await postgres.WaitForExitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        using var bystander = Process.Start("sleep", "300");
        var identity = ProcessIdentity.Of(bystander.Id)!;
        // As after a restart of the machine: the same number, another process.
        await PretendAsync(instance, "data-plane.pid.json", bystander.Id);
        await PretendAsync(instance, "postgres.pid.json", bystander.Id);
        var lockFile = Path.Combine(instance.DataDirectory, "postgres", "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(lockFile);
        await File.WriteAllLinesAsync(lockFile, lines.Select((line, index) => index == 0 ? $"{bystander.Id}" : line));

        await instance.StartAsync();

        Assert.True(identity.IsAlive);
        Assert.NotEqual(bystander.Id, instance.DataPlane.Pid);
        bystander.Kill();
    }

    [Fact]
    public async Task SecondInstance_OnTheSameDirectory_IsRefused()
    {
        await using var instance = await StandaloneInstance.StartNewAsync();

        var (code, _, errors) = await StandaloneRun.CompleteAsync(["up", "--data-dir", instance.DataDirectory]);

        Assert.NotEqual(0, code);
        Assert.Contains("another Gatehouse uses the data directory", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataPlane_RestartedAloneWhileAllElseIsDown_ServesItsLastGoodSnapshotWithinTwoSeconds()
    {
        await using var instance = await StandaloneInstance.StartNewAsync();
        await Objects.ServeAsync(instance.Api, "adopt", Host, backend);
        // The snapshot is written in the background, some time after a change.
        await Task.Delay(1_500);
        var (dataPlane, postgres) = (instance.DataPlane, instance.Postgres);
        var command = (await File.ReadAllTextAsync($"/proc/{dataPlane.Pid}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        instance.Run.Signal(Posix.Kill);
        postgres.Signal(Posix.Kill);
        dataPlane.Signal(Posix.Kill);
        await dataPlane.WaitForExitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);

        // One timing says little on a busy machine; the best of a few says what a start costs.
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 3 && best >= TimeSpan.FromSeconds(2); attempt++)
        {
            var took = await ServeAloneAsync(instance, command);
            best = took < best ? took : best;
        }
        Assert.True(best < TimeSpan.FromSeconds(2), $"it took {best.TotalSeconds:0.0} s");
    }

    private static async Task<TimeSpan> ServeAloneAsync(StandaloneInstance instance, string[] command)
    {
        using var alone = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        alone.BeginOutputReadLine();
        try
        {
            return await instance.Traffic.WaitForAsync(Host, (status, body) => status == HttpStatusCode.OK && body == "v1");
        }
        finally
        {
            alone.Kill();
            await alone.WaitForExitAsync();
        }
    }

    private static async Task PretendAsync(StandaloneInstance instance, string record, int pid)
    {
        var file = Path.Combine(instance.DataDirectory, record);
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, System.Text.RegularExpressions.Regex.Replace(text, "\"Pid\":[0-9]+", $"\"Pid\":{pid}"));
    }
}
