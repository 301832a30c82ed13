using System.Text.Json;
using Gatehouse.DataPlane.Tests.Harness;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Request_Served_IsCountedByListenerRuleAndBackend()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))));
        for (var i = 0; i < 3; i++)
            await gateway.EchoAsync("shop.test");
        await gateway.GetAsync("other.test");
        using var client = new HttpClient();
        using var dump = JsonDocument.Parse(await client.GetStringAsync($"http://127.0.0.1:{gateway.AdminPort}/metrics-json"));
        var series = dump.RootElement.GetProperty("requests").EnumerateArray().Single(one => one.GetProperty("backend").GetString() == "shop/Backend/v1");
        Assert.Equal(ListenerId, series.GetProperty("listener").GetString());
        Assert.Equal("HTTPRoute/shop/web/0", series.GetProperty("rule").GetString());
        Assert.Equal(3, series.GetProperty("statuses").GetProperty("2xx").GetInt64());
        Assert.Contains(
            dump.RootElement.GetProperty("requests").EnumerateArray(),
            one => one.GetProperty("rule").GetString() == "" && one.GetProperty("statuses").TryGetProperty("4xx", out var count) && count.GetInt64() == 1);
    }

    [Fact]
    public async Task AccessLog_OfHostileRequest_StaysOneJsonObjectALine()
    {
        var file = Path.GetTempFileName();
        await using (var backend = await TestBackend.StartAsync())
        await using (var gateway = await TestGateway.StartAsync(
            Table([Backend("v1", backend.Port)], Host("shop.test", Rule([To("v1")]))), options => options with { AccessLog = file }))
        {
            await gateway.RawAsync("GET /a\"}%0A{\"x\":\"?secret=1 HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");
            await gateway.EchoAsync("shop.test", "/b?token=secret");
            await gateway.GetAsync("other.test");
        }
        var lines = await File.ReadAllLinesAsync(file);
        File.Delete(file);
        Assert.Equal(3, lines.Length);
        var entries = lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal("bad_target", entries[0].GetProperty("refused").GetString());
        Assert.Equal("shop/Backend/v1", entries[1].GetProperty("backend").GetString());
        Assert.Equal(200, entries[1].GetProperty("status").GetInt32());
        Assert.Equal("/b", entries[1].GetProperty("path").GetString());
        Assert.Equal("no_route", entries[2].GetProperty("refused").GetString());
        Assert.DoesNotContain("secret", string.Concat(lines), StringComparison.Ordinal);
    }
}
