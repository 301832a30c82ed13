using Gatehouse.Api.Tests.Persistence;
using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Resources;
using Gatehouse.Testing.Postgres;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Tests.Control;

/// <summary>A database with the default gateway, and what the smallest complete use writes.</summary>
public abstract class ControlTest : DatabaseTest
{
    protected Task<long> AddGatewayAsync() => WriteAsync(TestDatabase.PlatformId, transaction =>
    {
        transaction.Db.Resources.Add(Resource(
            TestDatabase.PlatformId, "GatewayClass", "gatehouse",
            """{"controllerName":"gatehouse.dev/gateway-controller","target":{"type":"DataPlane","pool":"default"}}"""));
        transaction.Db.Resources.Add(Resource(
            TestDatabase.PlatformId, "Gateway", "default",
            """{"gatewayClassName":"gatehouse","listeners":[{"name":"http","port":80,"protocol":"HTTP"}],"allowedListeners":{"namespaces":{"from":"All"}}}"""));
        return Task.CompletedTask;
    });

    protected Task<long> AddHostnameAsync(string name) => WriteAsync(TestDatabase.ShopId, async transaction =>
    {
        transaction.Db.Resources.Add(Resource(TestDatabase.ShopId, "Hostname", name, "{}"));
        await new HostnameLedger(new HostnameOptions { VerificationRequired = false }).ClaimAsync(transaction, name);
    });

    protected Task<long> AddRouteAsync(string name, string hostname, string backend = "v1") => WriteAsync(TestDatabase.ShopId, transaction =>
    {
        transaction.Db.Resources.Add(Resource(TestDatabase.ShopId, "HTTPRoute", name, RouteSpec(hostname, backend)));
        return Task.CompletedTask;
    });

    protected Task<long> ChangeSpecAsync(string kind, string name, string spec) => WriteAsync(TestDatabase.ShopId, async transaction =>
    {
        var resource = await transaction.Db.Resources.SingleAsync(candidate => candidate.Kind == kind && candidate.Name == name);
        resource.Spec = spec;
        resource.Generation++;
        resource.UpdatedAt = transaction.Now;
    });

    protected Task<long> DeleteAsync(string kind, string name) => WriteAsync(TestDatabase.ShopId, async transaction =>
        transaction.Db.Resources.Remove(await transaction.Db.Resources.SingleAsync(candidate => candidate.Kind == kind && candidate.Name == name)));

    /// <summary>Gateway, backend v1, hostname and route web; returns the last revision.</summary>
    protected async Task<long> AddShopAsync()
    {
        await AddGatewayAsync();
        await AddBackendAsync(TestDatabase.ShopId, "v1");
        await AddHostnameAsync("shop.example.com");
        return await AddRouteAsync("web", "shop.example.com");
    }

    protected static string RouteSpec(string hostname, string backend) =>
        $$"""{"hostnames":["{{hostname}}"],"rules":[{"backendRefs":[{"name":"{{backend}}"}]}]}""";

    protected static ResourceEntity Resource(Guid tenant, string kind, string name, string spec) =>
        new() { TenantId = tenant, Kind = kind, Name = name, Spec = spec, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch };
}
