using Gatehouse.EndToEnd.Instances;
using Xunit;

namespace Gatehouse.EndToEnd.Traffic;

[Collection(SharedInstanceTests.Name)]
public sealed class WeightTests(SharedInstance shared)
{
    [Fact]
    public async Task Weights_ChangedUnderLoad_FailNoRequestAndHoldAtOnce()
    {
        const string host = "weights.example.com";
        await Objects.ServeAsync(shared.Api, "weights", host, shared.V1);
        await shared.Api.PutAsync("tenants/weights/backends/v2", Objects.Backend(shared.V2.Port));
        await using var load = Load.Start(shared.Traffic, host, concurrency: 8);
        for (var weight = 0; weight <= 100; weight += 20)
        {
            await shared.Api.PutAsync("tenants/weights/httproutes/web", Objects.Route(host, Objects.Ref("v1", 100 - weight), Objects.Ref("v2", weight)));
            await shared.Api.WaitUntilLiveAsync("tenants/weights/httproutes/web");
            var counts = await shared.Traffic.CountAsync(host, 400);
            var share = counts.GetValueOrDefault("v2") / 4.0;
            Assert.InRange(share, weight == 0 ? 0 : weight - 10, weight is 0 or 100 ? weight : weight + 10);
            await load.ContinueAsync(100);
        }
        await load.StopAsync();

        Assert.Empty(load.Failures);
        Assert.True(load.Requests > 500);
    }
}
