using Gatehouse.Sync.Tests.Harness;
using Xunit;

namespace Gatehouse.Sync.Tests.Whole;

/// <summary>From a write by REST to the cluster, and back.</summary>
public sealed class WholeTests(WholeFixture whole) : IClassFixture<WholeFixture>
{
    [KubernetesFact]
    public async Task Site_Written_IsInTheCluster()
    {
        await whole.AddSiteAsync("site", "site.example.com");

        var route = await whole.RouteAsync("site");
        Assert.Equal("site.example.com", (string?)route["spec"]!["hostnames"]![0]);
        var gateway = await whole.GatewayAsync();
        Assert.Contains(gateway["spec"]!["listeners"]!.AsArray(), static listener => (string?)listener!["hostname"] == "site.example.com");
    }
}
