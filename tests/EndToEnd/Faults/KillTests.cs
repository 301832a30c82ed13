using System.Globalization;
using System.Net;
using Gatehouse.EndToEnd.Instances;
using Gatehouse.Standalone.Processes;
using Gatehouse.Testing.Backends;
using Xunit;

namespace Gatehouse.EndToEnd.Faults;

/// <summary>kill -9 of any process, under load: nothing that was acknowledged is lost, and traffic comes back by itself.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const string Host = "kill.example.com";

    private EchoBackend backend = null!;
    private StandaloneInstance instance = null!;

    public async Task InitializeAsync()
    {
        backend = await EchoBackend.StartAsync("v1");
        instance = await StandaloneInstance.StartNewAsync();
        await Objects.ServeAsync(instance.Api, "kill", Host, backend);
    }

    public async Task DisposeAsync()
    {
        await instance.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task Control_KilledWhileWriting_LosesNothingAndTrafficGoesOn()
    {
        await using var load = Load.Start(instance.Traffic, Host);
        var written = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            var (dataPlane, postgres) = (instance.DataPlane, instance.Postgres);
            var writing = WriteUntilItFailsAsync($"c{round}", written);
            await Task.Delay(300 * (round + 1));
            await instance.KillControlAsync();
            await writing;
            await load.ContinueAsync(100);
            await instance.StartAsync();
            // Both outlived it, and the next start goes on with them.
            Assert.Equal((dataPlane, postgres), (instance.DataPlane, instance.Postgres));
        }
        await load.ContinueAsync(100);
        await load.StopAsync();

        Assert.Empty(load.Failures);
        await AssertAllThereAsync(written);
    }

    [Fact]
    public async Task Postgres_KilledWhileWriting_LosesNothingAndTrafficGoesOn()
    {
        await using var load = Load.Start(instance.Traffic, Host);
        var written = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            var postgres = instance.Postgres;
            var writing = WriteUntilItFailsAsync($"p{round}", written);
            await Task.Delay(150 * (round + 1));
            postgres.Signal(Posix.Kill);
            var failure = await writing;
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (failure.Status, failure.MediaType));
            await WaitUntilWritableAsync();
            Assert.NotEqual(postgres, instance.Postgres);
        }
        await load.ContinueAsync(100);
        await load.StopAsync();

        Assert.Empty(load.Failures);
        await AssertAllThereAsync(written);
        await instance.StopAsync();
        await instance.StartAsync();
        await AssertAllThereAsync(written);
        Assert.Equal(10, (await instance.Traffic.CountAsync(Host, 10))["v1"]);
    }

    [Fact]
    public async Task DataPlane_Killed_IsStartedAgainAndServesTheSame()
    {
        for (var round = 0; round < 3; round++)
        {
            var dataPlane = instance.DataPlane;
            dataPlane.Signal(Posix.Kill);
            await dataPlane.WaitForExitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
            await instance.Traffic.WaitForAsync(Host, (status, body) => status == HttpStatusCode.OK && body == "v1");
            Assert.NotEqual(dataPlane, instance.DataPlane);
        }
        await instance.Api.WaitUntilLiveAsync("tenants/kill/httproutes/web");
    }

    [Fact]
    public async Task Everything_KilledAtOnce_ServesTheSameAfterTheNextStart()
    {
        var written = new List<string>();
        var writing = WriteUntilItFailsAsync("e", written);
        await Task.Delay(400);
        var (dataPlane, postgres) = (instance.DataPlane, instance.Postgres);
        instance.Run.Signal(Posix.Kill);
        dataPlane.Signal(Posix.Kill);
        postgres.Signal(Posix.Kill);
        await writing;
        await instance.Run.WaitForExitAsync(TimeSpan.FromSeconds(5));
        await instance.StartAsync();

        await AssertAllThereAsync(written);
        Assert.Equal(10, (await instance.Traffic.CountAsync(Host, 10))["v1"]);
    }

    /// <summary>Writes one object after the other; keeps the names of those that were acknowledged.</summary>
    private async Task<RestAnswer> WriteUntilItFailsAsync(string prefix, List<string> written)
    {
        for (var i = 0; ; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}");
            try
            {
                var answer = await instance.Api.SendAsync(HttpMethod.Put, $"tenants/kill/backends/{name}", Objects.Backend(backend.Port));
                if (!((int)answer.Status is 200 or 201))
                    return answer;
                written.Add(name);
            }
            catch (HttpRequestException)
            {
                return new RestAnswer(0, null, null, "cut");
            }
        }
    }

    private async Task WaitUntilWritableAsync()
    {
        for (var i = 0; i < 200; i++)
        {
            if ((int)(await instance.Api.SendAsync(HttpMethod.Put, "tenants/kill/backends/probe", Objects.Backend(backend.Port))).Status is 200 or 201)
                return;
            await Task.Delay(50);
        }
        throw new TimeoutException("the API does not take writes again");
    }

    private async Task AssertAllThereAsync(List<string> written)
    {
        Assert.NotEmpty(written);
        foreach (var name in written)
            Assert.Equal(HttpStatusCode.OK, (await instance.Api.GetAsync($"tenants/kill/backends/{name}")).Status);
    }
}
