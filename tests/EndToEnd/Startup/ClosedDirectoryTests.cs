using System.Net;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Standalone.Processes;
using Xunit;

namespace Gatehouse.EndToEnd.Startup;

public sealed class ClosedDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    [Fact]
    public async Task Up_AsRootBelowAClosedDirectory_ServesAndFindsItsDataAgain()
    {
        if (Environment.UserName != "root")
            return;
        var closed = directory.In("closed");
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var data = Path.Combine(closed, "data");
        await using var instance = await StandaloneInstance.StartNewAsync("--data-dir", data);
        await instance.Api.PutAsync("tenants/kept", """{"displayName":"Kept"}""");
        var server = ProcessRecord.ReadLive(Path.Combine(data, "postgres.pid.json"))!.Process;

        await instance.KillControlAsync();
        await instance.StartAsync();

        Assert.Equal(server, ProcessRecord.ReadLive(Path.Combine(data, "postgres.pid.json"))!.Process);
        Assert.Equal(0, await instance.StopAsync());
        await instance.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await instance.Api.GetAsync("tenants/kept")).Status);
        Assert.Equal(0, await instance.StopAsync());
        Assert.False(server.IsAlive);
    }

    public void Dispose() => directory.Dispose();
}
