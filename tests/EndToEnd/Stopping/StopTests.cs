using System.Net;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Standalone.Processes;
using Gatehouse.Testing.Backends;
using Xunit;

namespace Gatehouse.EndToEnd.Stopping;

public sealed class StopTests
{
    [Theory]
    [InlineData(Posix.Interrupt)]
    [InlineData(Posix.Terminate)]
    public async Task Instance_AskedToStop_LeavesNoProcessAndFindsEverythingAgain(int signal)
    {
        await using var backend = await EchoBackend.StartAsync("v1");
        await using var instance = await StandaloneInstance.StartNewAsync();
        await Objects.ServeAsync(instance.Api, "stop", "stop.example.com", backend);
        var (dataPlane, postgres) = (instance.DataPlane, instance.Postgres);

        instance.Run.Signal(signal);
        var code = await instance.Run.WaitForExitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, code);
        Assert.False(dataPlane.IsAlive);
        Assert.False(postgres.IsAlive);
        await instance.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await instance.Traffic.GetAsync("stop.example.com")).Status);
    }

    [Fact]
    public async Task Instance_AskedTwice_StopsAtOnce()
    {
        await using var instance = await StandaloneInstance.StartNewAsync();
        var (dataPlane, postgres) = (instance.DataPlane, instance.Postgres);
        // A server that is held cannot shut down in good order.
        postgres.Signal(19);

        instance.Run.Signal(Posix.Interrupt);
        await Task.Delay(1_500);
        instance.Run.Signal(Posix.Interrupt);
        var code = await instance.Run.WaitForExitAsync(TimeSpan.FromSeconds(15));

        Assert.NotEqual(0, code);
        Assert.False(dataPlane.IsAlive);
        Assert.False(postgres.IsAlive);
    }

    [Fact]
    public async Task Instance_AskedToStopWhileStarting_LeavesNoProcess()
    {
        await using var instance = new StandaloneInstance();
        for (var delay = 200; delay <= 1_400; delay += 600)
        {
            var run = instance.Launch();
            await Task.Delay(delay);
            run.Signal(Posix.Terminate);
            await run.WaitForExitAsync(TimeSpan.FromSeconds(30));

            Assert.Null(ProcessRecord.ReadLive(Path.Combine(instance.DataDirectory, "data-plane.pid.json")));
            Assert.Null(ProcessRecord.ReadLive(Path.Combine(instance.DataDirectory, "postgres.pid.json")));
        }
    }

    [Fact]
    public async Task Instance_AskedToStopTheMomentThatPostgresIsThere_StopsItToo()
    {
        await using var instance = new StandaloneInstance();
        var record = Path.Combine(instance.DataDirectory, "postgres.pid.json");
        var run = instance.Launch();
        while (!File.Exists(record) && !run.HasExited)
            await Task.Delay(1);
        run.Signal(Posix.Terminate);
        await run.WaitForExitAsync(TimeSpan.FromSeconds(30));

        Assert.True(File.Exists(record));
        Assert.Null(ProcessRecord.ReadLive(record));
    }
}
