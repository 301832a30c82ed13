using System.Diagnostics;
using Gatehouse.Control.Clusters;
using Gatehouse.Control.Status;
using Gatehouse.Gateway.Resources;
using Gatehouse.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Gatehouse.Api.Tests.Control.Clusters.ClusterCase;

namespace Gatehouse.Api.Tests.Control.Clusters;

/// <summary>The reader over a real compile host: a class whose pool stands for cluster `prod`.</summary>
public sealed class ClusterStatusReaderTests : ControlTest
{
    private static readonly ResourceKey Web = new("HTTPRoute", "shop", "web");

    [Fact]
    public async Task Status_OfARouteInACluster_FollowsWhatTheWorkerReports()
    {
        var reports = new FixedReports();
        await using var control = await StartAsync(reports);
        Assert.Equal(["Accepted", "ResolvedRefs", "Projected", "Programmed", "Live"], Types(control));
        Assert.Equal("NoWorker", Programmed(control).Reason);

        Report(reports, Route() with { Since = TimeProvider.System.GetUtcNow() });
        Assert.Equal(("True", "Programmed"), (Programmed(control).Status, Programmed(control).Reason));

        var revision = await ChangeSpecAsync("HTTPRoute", "web", RouteSpec("shop.example.com", "v2"));
        Assert.Equal(["Accepted", "ResolvedRefs", "Projected", "Programmed", "Live"], Types(control, generation: 2));
        Assert.Equal("Unknown", Programmed(control, generation: 2).Status);
        await control.Host.WaitForRevisionAsync(revision, CancellationToken.None);
        Assert.Equal(("Unknown", 2L), (Programmed(control, generation: 2).Status, Programmed(control, generation: 2).ObservedGeneration));
    }

    [Fact]
    public async Task WaitFor_ControllerAccepts_EndsWithinAMoment()
    {
        var reports = new FixedReports();
        await using var control = await StartAsync(reports);
        Report(reports, Route(Says("Accepted", "False", "NoMatchingParent"), Says("ResolvedRefs")));
        var wait = control.Statuses.WaitForAsync(Web, 1, DateTimeOffset.UnixEpoch, ConditionType.Live, TimeSpan.FromSeconds(20));
        await Task.Delay(300);
        Assert.False(wait.IsCompleted);

        Report(reports, Route());
        Assert.Equal(WaitOutcome.Reached, (await wait).Outcome);
    }

    [Fact]
    public async Task WaitFor_ProblemThatOnlyAWriteMends_EndsEarly()
    {
        var reports = new FixedReports();
        await using var control = await StartAsync(reports);
        Report(reports);
        reports.Objects[("prod", Web)] = new ClusterObjectReport { Generation = 1, Problems = [new(true, "LoopbackBackend", "No cluster sends to 127.0.0.1.") { OnlyAWriteMends = true }] };
        var watch = Stopwatch.StartNew();
        var result = await control.Statuses.WaitForAsync(Web, 1, DateTimeOffset.UnixEpoch, ConditionType.Live, TimeSpan.FromSeconds(20));
        Assert.Equal((WaitOutcome.Refused, true), (result.Outcome, watch.Elapsed < TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Reports_OfAProcessWithoutWorkers_AreNone()
    {
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        Assert.Null(control.Service<IClusterReports>().Of("prod"));
        Assert.Null(control.Service<IClusterReports>().Of("prod", Web));
    }

    private async Task<ControlProcess> StartAsync(FixedReports reports)
    {
        await WriteAsync(TestDatabase.PlatformId, transaction =>
        {
            transaction.Db.Resources.Add(Resource(TestDatabase.PlatformId, "GatewayClass", "gatehouse", """{"controllerName":"gatehouse.dev/gateway-controller","target":{"type":"DataPlane","pool":"kubernetes:prod"}}"""));
            transaction.Db.Resources.Add(Resource(
                TestDatabase.PlatformId, "Gateway", "default",
                """{"gatewayClassName":"gatehouse","listeners":[{"name":"http","port":80,"protocol":"HTTP"}],"allowedListeners":{"namespaces":{"from":"All"}}}"""));
            return Task.CompletedTask;
        });
        await AddBackendAsync(TestDatabase.ShopId, "v1");
        await AddBackendAsync(TestDatabase.ShopId, "v2");
        await AddHostnameAsync("shop.example.com");
        var head = await AddRouteAsync("web", "shop.example.com");
        var control = await ControlProcess.StartAsync(Database.Compiler, services: services => services.AddSingleton<IClusterReports>(reports));
        await control.Host.WaitForRevisionAsync(head, CancellationToken.None);
        return control;
    }

    private static void Report(FixedReports reports, params ReportedObject[] objects)
    {
        reports.Objects[("prod", Web)] = new ClusterObjectReport { Generation = 1, Objects = objects };
        reports.Clusters["prod"] = Reachable with { ReportedAt = TimeProvider.System.GetUtcNow() };
    }

    private static IEnumerable<string> Types(ControlProcess control, long generation = 1) =>
        control.Statuses.Read(Web, generation, DateTimeOffset.UnixEpoch).Conditions.Select(condition => condition.Type);

    private static Contracts.Api.ObjectCondition Programmed(ControlProcess control, long generation = 1) =>
        control.Statuses.Read(Web, generation, DateTimeOffset.UnixEpoch).Conditions.Single(condition => condition.Type == ConditionType.Programmed);
}
