using System.Net;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Tests.Harness;
using Gatehouse.Gateway.Matching;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Gatehouse.DataPlane.Tests.Harness.Tables;

namespace Gatehouse.DataPlane.Tests.Hardening;

public sealed class AddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    public async Task Address_Special_IsRefusedByDefault(string address)
    {
        await using var gateway = await TestGateway.StartAsync(configure: options => options with { BackendAllow = [] });
        Assert.NotNull(gateway.Services.GetRequiredService<AddressPolicy>().Refuse(IPAddress.Parse(address), 80));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("::ffff:168.63.129.16")]
    public async Task Address_OfCloudMetadata_IsReachedOnlyIfItIsNamed(string address)
    {
        var ip = IPAddress.Parse(address);
        var own = ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
        await using var ranges = await TestGateway.StartAsync(configure: options => options with { BackendAllow = [IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("169.254.0.0/16")] });
        Assert.NotNull(ranges.Services.GetRequiredService<AddressPolicy>().Refuse(ip, 80));
        await using var named = await TestGateway.StartAsync(configure: options => options with { BackendAllow = [new IPNetwork(own, own.GetAddressBytes().Length * 8)] });
        Assert.Null(named.Services.GetRequiredService<AddressPolicy>().Refuse(ip, 80));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("2606:4700::1111")]
    public async Task Address_Public_IsAllowed(string address)
    {
        await using var gateway = await TestGateway.StartAsync(configure: options => options with { BackendAllow = [] });
        Assert.Null(gateway.Services.GetRequiredService<AddressPolicy>().Refuse(IPAddress.Parse(address), 80));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433")]
    public async Task Backend_OnLoopback_IsReachedOnlyIfAllowed(string address)
    {
        await using var backend = await TestBackend.StartAsync();
        var entry = Backend("v1") with { Endpoints = [new EndpointEntry(address, backend.Port)] };
        await using var refusing = await TestGateway.StartAsync(configure: options => options with { BackendAllow = [] });
        refusing.Tables.Apply(Gatehouse.DataPlane.Routing.TableEdit.Of(Table([entry], Host("shop.test", Rule([To("v1")])))));
        var (status, _, _) = await refusing.GetAsync("shop.test");
        Assert.True(status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable, $"{status}");
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Backend_AtAControlSocket_IsRefusedThoughItsRangeIsAllowed()
    {
        await using var control = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            Table([Backend("v1", control.Port)], Host("shop.test", Rule([To("v1")]))), options => options with { DenySockets = [$"localhost:{control.Port}"] });
        var (status, _, body) = await gateway.GetAsync("shop.test");
        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.Contains("backend_refused", body, StringComparison.Ordinal);
        Assert.Equal(0, control.Requests);
    }

    [Fact]
    public async Task Backend_AtOwnListenerOrAdminSocket_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync(Table([], Host("a.test", Rule([To("v1")])), Host("b.test", Rule([To("v2")]))));
        gateway.Set(Backend("v1", gateway.Port));
        gateway.Set(Backend("v2", gateway.AdminPort));
        Assert.Contains("backend_refused", (await gateway.GetAsync("a.test")).Body, StringComparison.Ordinal);
        Assert.Contains("backend_refused", (await gateway.GetAsync("b.test")).Body, StringComparison.Ordinal);
    }
}
