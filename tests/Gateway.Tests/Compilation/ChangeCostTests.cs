using System.Globalization;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;
using Xunit;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>A change costs what it touches. Time is left to the benchmark; bytes do not depend on the machine.</summary>
public sealed class ChangeCostTests
{
    private const int Routes = 20_000;
    private const long MaxBytes = 100_000;

    [Fact]
    public void Apply_OneRouteOfMany_AllocatesLittle()
    {
        var compiler = new IncrementalCompiler(new CompilerOptions());
        var (inputs, _) = TestInputs.Read("kind: Namespace\nmetadata: {name: team}");
        compiler.Apply([.. inputs, .. Enumerable.Range(0, Routes).SelectMany(Objects)]);
        Assert.Equal(Routes, compiler.Snapshot.Pools["default"].Table.Hosts.Count);
        for (var i = 0; i < 50; i++)
            compiler.Apply([Route(i, 2)]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var delta = compiler.Apply([Route(Routes / 2, 3)]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes);
        Assert.Single(Assert.Single(delta.Pools).Value);
    }

    private static IEnumerable<InputChange> Objects(int i) =>
    [
        new ClaimUpsert(new HostnameClaim(Name(i), "team", ClaimState.Verified)),
        new ResourceUpsert(new Resource<HostnameSpec> { Key = new ResourceKey(ResourceKind.Hostname, "team", Name(i)), Spec = new HostnameSpec() }),
        Route(i, 1),
    ];

    private static ResourceUpsert Route(int i, int timeout) => new(new Resource<HttpRouteSpec>
    {
        Key = new ResourceKey(ResourceKind.HttpRoute, "team", string.Create(CultureInfo.InvariantCulture, $"r{i}")),
        Spec = new HttpRouteSpec
        {
            Hostnames = [Name(i)],
            Rules = [new HttpRouteRule { Timeouts = new HttpRouteTimeouts { Request = string.Create(CultureInfo.InvariantCulture, $"{timeout}s") }, Filters = [new HttpRouteFilter { Type = "RequestRedirect", RequestRedirect = new HttpRequestRedirectFilter { Scheme = "https" } }] }],
        },
    });

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"h{i}.example.com");
}
