using Gatehouse.DataPlane.Tests.Harness;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Hardening;

public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task Connections_ThatComeAndGoAtTheLimit_AreAllCountedOutAgain()
    {
        const int Limit = 2;
        const string Request = "GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n";
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))), options => options with { MaxConnections = Limit });
        await Parallel.ForAsync(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 3 * Limit }, async (_, _) => await gateway.RawAsync(Request, silenceMs: 10_000));
        await Task.Delay(500);
        Assert.StartsWith("HTTP/1.1 200", await gateway.RawAsync(Request, silenceMs: 10_000), StringComparison.Ordinal);
    }
}
