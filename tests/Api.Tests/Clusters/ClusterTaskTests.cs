using System.Text.Json;
using Gatehouse.Api.Tests.Rest;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gatehouse.Api.Tests.Clusters;

/// <summary>What the API asks sync workers, with a worker played by the test.</summary>
public sealed class ClusterTaskTests(ClusterTaskTests.Fixture api) : IClassFixture<ClusterTaskTests.Fixture>
{
    [Fact]
    public async Task Status_OfAWorkersReport_IsShownAndWaitedFor()
    {
        await using var worker = await Worker.StartAsync(api, "shown");
        await worker.ReportAsync(new ClusterReport
        {
            Reachable = true,
            ServerVersion = "v1.36.0",
            BundleVersion = "v1.6.1",
            Channel = "experimental",
            Versions = new Dictionary<string, IReadOnlyList<string>> { ["HTTPRoute"] = ["v1", "v1beta1"] },
            Classes = [new ReportedClass("eg", "gateway.envoyproxy.io/c", [new ReportedCondition("Accepted", "True", "Accepted", "", 1)], ["HTTPRouteRewrite"])],
            Objects = new Dictionary<string, int> { ["HTTPRoute"] = 3 },
            SyncedRevision = long.MaxValue / 2,
            SyncedAt = DateTimeOffset.UtcNow,
            Leader = "worker-1",
            IsLoaded = true,
        });

        var answer = (await api.Admin.GetAsync("/api/v1/clusters/shown?waitFor=Synced&timeout=10s")).Expect(200).Json.GetProperty("status");

        var cluster = answer.GetProperty("cluster");
        Assert.Equal("v1.36.0", cluster.GetProperty("serverVersion").GetString());
        Assert.Equal("experimental", cluster.GetProperty("gatewayApi").GetProperty("channel").GetString());
        Assert.Equal("v1", cluster.GetProperty("gatewayApi").GetProperty("versions").GetProperty("HTTPRoute")[0].GetString());
        Assert.Equal("True", cluster.GetProperty("classes")[0].GetProperty("accepted").GetString());
        Assert.Equal(3, cluster.GetProperty("objects").GetProperty("HTTPRoute").GetInt32());
        Assert.Equal((0, 0.0), (cluster.GetProperty("lag").GetProperty("revisions").GetInt64(), cluster.GetProperty("lag").GetProperty("seconds").GetDouble()));
        Assert.Equal("inCluster", cluster.GetProperty("credentials").GetString());
        Assert.Equal(
            ["Accepted=True", "Reachable=True", "GatewayApi=True", "Synced=True", "Held=False"],
            answer.GetProperty("conditions").EnumerateArray().Select(item => $"{item.GetProperty("type").GetString()}={item.GetProperty("status").GetString()}"));
        Assert.Equal(1, (await api.Admin.GetAsync("/api/v1/clusters?search=shown")).Expect(200).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Status_SilentWorker_IsShownAsSuch()
    {
        await using var worker = await Worker.StartAsync(api, "silent");
        await worker.ReportAsync(Reachable with { IsLoaded = true, SyncedRevision = long.MaxValue / 2 });
        (await api.Admin.GetAsync("/api/v1/clusters/silent?waitFor=Reachable&timeout=10s")).Expect(200);

        await api.Database.Server.ExecuteAsync(api.Database.Name, $"UPDATE cluster_reports SET reported_at = now() - interval '31 seconds' WHERE cluster = '{worker.Id}'");
        await WaitAsync(async () => Condition(await api.Admin.GetAsync("/api/v1/clusters/silent"), "Reachable").GetProperty("reason").GetString() == "WorkerSilent");

        Assert.Contains("`worker-1`", Condition(await api.Admin.GetAsync("/api/v1/clusters/silent"), "Synced").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_TenantsMembers_SeeTheirPartAlone()
    {
        await using var worker = await Worker.StartAsync(api, "diff");
        await worker.ReportAsync(Reachable);
        worker.Answer = task => $$"""{"asked":{{task.Request}}}""";
        const string path = "/api/v1/clusters/diff/manifests?diff=true";

        var all = (await api.Admin.GetAsync(path)).Expect(200).Json;
        var own = (await api.As("shop", "viewer").GetAsync($"{path}&tenant=shop")).Expect(200).Json;

        Assert.Equal("diff", all.GetProperty("cluster").GetString());
        Assert.Equal("shop", own.GetProperty("answer").GetProperty("asked").GetProperty("tenant").GetString());
        (await api.As("shop", "owner").GetAsync($"{path}&tenant=payments")).ExpectProblem(404, "not_found");
        (await api.As("shop", "owner").GetAsync(path)).ExpectProblem(403, "forbidden");
        (await api.Admin.GetAsync("/api/v1/clusters/nowhere/manifests?diff=true")).ExpectProblem(404, "not_found");
    }

    [Fact]
    public async Task Ask_WorkerRefuses_ItsWordsComeBack()
    {
        await using var worker = await Worker.StartAsync(api, "refusing");
        await worker.ReportAsync(Reachable);
        worker.Answer = _ => """{"problem":"The API server does not answer."}""";

        Assert.Contains("does not answer", (await api.Admin.GetAsync("/api/v1/clusters/refusing/manifests?diff=true")).ExpectProblem(409, "worker_refused").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_NoWorkerLeads_SaysSoSoonAndTheTaskIsNotBegunLater()
    {
        (await api.Admin.PutAsync("/api/v1/clusters/orphan", """{"spec":{"inCluster":true}}""")).Expect(201);
        var start = TimeProvider.System.GetTimestamp();

        var answer = (await api.Admin.GetAsync("/api/v1/clusters/orphan/manifests?diff=true")).ExpectProblem(504, "no_worker");

        Assert.Contains("No sync worker leads cluster `orphan`", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(15));
        await api.Database.Server.ExecuteAsync(api.Database.Name, "UPDATE cluster_tasks SET expires_at = now() WHERE done_at IS NULL");
        await using var worker = await Worker.StartAsync(api, "orphan", answers: false);
        Assert.Null(await api.Store.NextTaskAsync(worker.Lease, default));
    }

    [Fact]
    public async Task Prune_HeldDeletions_AreConfirmedByTheirTokenAndAudited()
    {
        await using var worker = await Worker.StartAsync(api, "held");
        await worker.ReportAsync(Reachable with { IsLoaded = true, Held = new ReportedHold("t-1", 40, 50, "Too much would go at once.") });
        worker.Answer = task => $$"""{"done":{{task.Request}},"kind":"{{task.Kind}}"}""";
        var status = (await api.Admin.GetAsync("/api/v1/clusters/held?waitFor=Held&timeout=10s")).Expect(200);
        Assert.Equal("t-1", status.Json.GetProperty("status").GetProperty("cluster").GetProperty("held").GetProperty("token").GetString());

        (await api.Admin.PostAsync("/api/v1/clusters/held/prune", """{"token":"t-0"}""")).ExpectProblem(409, "not_held");
        (await api.As("shop", "owner").PostAsync("/api/v1/clusters/held/prune", """{"token":"t-1"}""")).ExpectProblem(403, "forbidden");
        (await api.Admin.PostAsync("/api/v1/clusters/held/prune?dryRun=true", """{"token":"t-1"}""")).Expect(204);
        Assert.Equal(0, worker.Done);
        var pruned = (await api.Admin.PostAsync("/api/v1/clusters/held/prune", """{"token":"t-1"}""")).Expect(200).Json.GetProperty("answer");

        Assert.Equal(("prune", "t-1"), (pruned.GetProperty("kind").GetString(), pruned.GetProperty("done").GetProperty("token").GetString()));
        var audit = (await api.Admin.GetAsync("/api/v1/tenants/platform/audit?kind=Cluster&name=held&action=prune")).Expect(200).Json.GetProperty("items");
        Assert.Equal(1, audit.GetArrayLength());
    }

    [Fact]
    public async Task Survey_Manifests_GetVerdictsAndChangeNothing()
    {
        await using var worker = await Worker.StartAsync(api, "survey");
        await worker.ReportAsync(Reachable);
        worker.Answer = _ => """
            {"apiVersion":"v1","kind":"List","items":[
              {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"old","namespace":"shop"},"spec":{"rules":[{"backendRefs":[{"name":"v1","port":80}]}]}},
              {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","metadata":{"name":"bad","namespace":"brand-new"},"spec":{"rules":"x"}}]}
            """;

        var survey = (await api.Admin.PostAsync("/api/v1/clusters/survey/survey", """{"namespaces":["shop","brand-new"]}""")).Expect(200).Json;

        var namespaces = survey.GetProperty("namespaces").EnumerateArray().ToDictionary(item => item.GetProperty("namespace").GetString()!, item => item.GetProperty("objects"));
        Assert.Equal(("old", "exact"), (namespaces["shop"][0].GetProperty("name").GetString(), namespaces["shop"][0].GetProperty("verdict").GetString()));
        Assert.Equal("refused", namespaces["brand-new"][0].GetProperty("verdict").GetString());
        (await api.As("shop", "viewer").GetAsync("/api/v1/tenants/shop/httproutes/old")).Expect(404);
        (await api.Admin.GetAsync("/api/v1/tenants/brand-new")).Expect(404);
        (await api.Admin.PostAsync("/api/v1/clusters/survey/survey", """{"namespaces":["Not a name"]}""")).ExpectProblem(422, "invalid").ExpectField("/namespaces/0", "invalid_format");
        (await api.As("shop", "owner").PostAsync("/api/v1/clusters/survey/survey")).ExpectProblem(403, "forbidden");
    }

    [Fact]
    public async Task Probe_RouteInACluster_AsksItsWorker()
    {
        await using var worker = await Worker.StartAsync(api, "probe");
        worker.Answer = task => $$"""{"asked":{{task.Request}}}""";
        (await api.As("shop", "editor").PutAsync("/api/v1/tenants/shop/httproutes/probed", """{"spec":{"hostnames":["*.probe.example.com"],"rules":[{}]}}""")).Expect(201);
        const string path = "/api/v1/tenants/shop/httproutes/probed/probe";
        (await api.As("shop", "editor").PostAsync(path)).ExpectProblem(409, "not_in_a_cluster");
        await worker.ReportAsync(Reachable, new ResourceKey("HTTPRoute", "shop", "probed"));
        await WaitAsync(async () => (await api.As("shop", "editor").PostAsync(path)).Status == 200);

        var answer = (await api.As("shop", "editor").PostAsync(path, """{"hostname":"a.probe.example.com","path":"/x?y=1","compare":true}""")).Expect(200).Json;

        var asked = answer.GetProperty("answer").GetProperty("asked");
        Assert.Equal("probe", answer.GetProperty("cluster").GetString());
        Assert.Equal(("shop", "probed", "a.probe.example.com", "/x?y=1", true), (
            asked.GetProperty("tenant").GetString(), asked.GetProperty("name").GetString(), asked.GetProperty("hostname").GetString(),
            asked.GetProperty("path").GetString(), asked.GetProperty("compare").GetBoolean()));
        (await api.As("shop", "viewer").PostAsync(path)).ExpectProblem(403, "forbidden");
        (await api.As("payments", "owner").PostAsync(path)).ExpectProblem(404, "not_found");
        (await api.As("shop", "editor").PostAsync(path, """{"hostname":"other.example.com","path":"x","method":"POST","cluster":"nowhere"}"""))
            .ExpectProblem(422, "invalid").ExpectField("/hostname", "invalid_format").ExpectField("/path", "invalid_path").ExpectField("/method", "unsupported_value");
        (await api.As("shop", "editor").PostAsync(path, """{"cluster":"nowhere"}""")).ExpectProblem(422, "invalid").ExpectField("/cluster", "unsupported_value");
    }

    private static ClusterReport Reachable => new() { Reachable = true, Leader = "worker-1" };

    private static JsonElement Condition(ApiAnswer answer, string type) =>
        answer.Expect(200).Json.GetProperty("status").GetProperty("conditions").EnumerateArray().Single(item => item.GetProperty("type").GetString() == type);

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await condition())
                return;
            await Task.Delay(100);
        }
        Assert.Fail("It did not happen within 6 s.");
    }

    /// <summary>An API whose store the worker shares, as in one process.</summary>
    public sealed class Fixture : ApiFixture
    {
        public IClusterStore Store { get; private set; } = null!;

        protected override void Started(IServiceProvider services) => Store = services.GetRequiredService<IClusterStore>();
    }

    /// <summary>A worker without a cluster: it leads, reports and answers what it is told to.</summary>
    private sealed class Worker(Fixture api, ClusterLease lease) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _answering = Task.CompletedTask;

        public Guid Id => Lease.Cluster;

        public ClusterLease Lease { get; } = lease;

        public Func<ClusterTask, string> Answer { get; set; } = static _ => "{}";

        public int Done { get; private set; }

        public static async Task<Worker> StartAsync(Fixture api, string cluster, bool answers = true)
        {
            var id = (await api.Admin.PutAsync($"/api/v1/clusters/{cluster}", """{"spec":{"inCluster":true}}""")).Json.GetProperty("id").GetGuid();
            var worker = new Worker(api, (await api.Store.AcquireAsync(id, "worker-1", TimeSpan.FromMinutes(5), default))!);
            if (answers)
                worker._answering = worker.AnswerAsync();
            return worker;
        }

        public Task ReportAsync(ClusterReport report, params ResourceKey[] objects) => api.Store.SaveReportsAsync(
            Lease, report, objects.ToDictionary(static key => key, static ClusterObjectReport? (_) => new ClusterObjectReport { Generation = 1 }), default);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _answering;
            _stop.Dispose();
        }

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    while (await api.Store.NextTaskAsync(Lease, _stop.Token) is { } task)
                    {
                        await api.Store.AnswerAsync(Lease, task.Id, Answer(task), _stop.Token);
                        Done++;
                    }
                    await api.Store.WaitForTasksAsync(TimeSpan.FromSeconds(20), _stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
