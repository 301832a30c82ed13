using System.Diagnostics;
using Gatehouse.Contracts.Api;
using Gatehouse.Contracts.Feed;
using Gatehouse.Control.Status;
using Gatehouse.Gateway.Resources;
using Gatehouse.Testing.Postgres;
using Xunit;

namespace Gatehouse.Api.Tests.Control;

public sealed class StatusReaderTests : ControlTest
{
    private const string BackendKey = "shop/Backend/v1";

    private static readonly ResourceKey Route = new("HTTPRoute", "shop", "web");
    private static readonly SocketReport Bound = new("127.0.0.1", 80, 8080, Bound: true, IsDefault: true);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Status_BeforeItIsCompiled_IsUnknownAtItsGeneration()
    {
        await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler);
        await control.Host.WaitForRevisionAsync(1, CancellationToken.None);
        var status = control.Statuses.Read(Route, generation: 7, DateTimeOffset.UnixEpoch);
        Assert.Equal(["Accepted", "ResolvedRefs", "Programmed", "Live"], status.Conditions.Select(condition => condition.Type));
        Assert.All(status.Conditions, condition => Assert.Equal(("Unknown", 7L), (condition.Status, condition.ObservedGeneration)));
    }

    [Fact]
    public async Task Status_NoReplica_SaysWhoMustAct()
    {
        await using var control = await StartAsync();
        var programmed = Condition(Read(control), ConditionType.Programmed);
        Assert.Equal(("False", "NoReplica"), (programmed.Status, programmed.Reason));
        Assert.Contains("platform admin", programmed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ReplicaAcknowledged_IsProgrammedAndLive()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader));
        var status = Read(control);
        Assert.Equal("True", Condition(status, ConditionType.Programmed).Status);
        Assert.Equal("True", Condition(status, ConditionType.Live).Status);
        Assert.All(status.Conditions, condition => Assert.NotNull(condition.LastTransitionTime));
        Assert.NotEmpty(status.Parents!);
    }

    [Fact]
    public async Task Status_SpecChanged_IsUnknownUntilAcknowledged()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader));
        var before = Condition(Read(control), ConditionType.Programmed);

        var revision = await ChangeSpecAsync("HTTPRoute", "web", """{"hostnames":["shop.example.com"],"rules":[{"backendRefs":[{"name":"v1","weight":5}]}]}""");
        Assert.Equal("Unknown", Condition(Read(control, generation: 2), ConditionType.Live).Status);
        await control.Host.WaitForRevisionAsync(revision, CancellationToken.None);
        Assert.Equal(("Unknown", "Pending"), Condition(Read(control, generation: 2), ConditionType.Programmed) is var pending ? (pending.Status, pending.Reason) : default);

        await reader.ReadUntilAsync(revision);
        await control.AcknowledgeAsync(Healthy(reader));
        var after = Condition(Read(control, generation: 2), ConditionType.Programmed);
        Assert.Equal(("True", 2L), (after.Status, after.ObservedGeneration));
        Assert.True(after.LastTransitionTime > before.LastTransitionTime);
    }

    [Fact]
    public async Task Status_OneMoreRouteAttaches_LeavesTheGatewayProgrammed()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader));
        var gateway = new ResourceKey("Gateway", "platform", "default");
        var before = Condition(control.Statuses.Read(gateway, 1, DateTimeOffset.UnixEpoch), ConditionType.Programmed);

        await control.Host.WaitForRevisionAsync(await AddHostnameAsync("more.example.com"), CancellationToken.None);
        var after = control.Statuses.Read(gateway, 1, DateTimeOffset.UnixEpoch);
        Assert.Equal(2, after.AttachedListenerSets);
        Assert.Equal(("True", before.LastTransitionTime), (Condition(after, ConditionType.Programmed).Status, Condition(after, ConditionType.Programmed).LastTransitionTime));
    }

    [Fact]
    public async Task Status_OneOfTwoReplicasBehind_NamesIt()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader));
        await control.AcknowledgeAsync(Healthy(reader, "r2") with { AppliedRevision = 1 });
        var programmed = Condition(Read(control), ConditionType.Programmed);
        Assert.Equal("Unknown", programmed.Status);
        Assert.Contains("`r2`", programmed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_SilentReplica_CountsNoMore()
    {
        await using var control = await StartAsync(TimeSpan.FromMilliseconds(200));
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader));
        await Task.Delay(400);
        Assert.Equal("NoReplica", Condition(Read(control), ConditionType.Programmed).Reason);
    }

    [Fact]
    public async Task Acknowledgement_ReplicaGoneForLong_IsForgottenEverywhere()
    {
        await AddShopAsync();
        await using var control = await ControlProcess.StartAsync(Database.Compiler, options => options with { ReplicaExpiry = TimeSpan.FromMilliseconds(500) });
        await control.AcknowledgeAsync(new FeedReader().Acknowledgement());
        await EventuallyAsync(() => StoredReplicas() == 1);
        await EventuallyAsync(() => StoredReplicas() == 0 && control.Replicas.All.Count == 0);
    }

    private int StoredReplicas()
    {
        using var db = Database.NewContext();
        return db.ReplicaAcknowledgements.Count();
    }

    [Fact]
    public async Task Status_EntryRefused_SaysWhy()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader) with { Refusals = [new Refusal("host", "shop/Hostname/shop.example.com/http|shop.example.com", "unknown action")] });
        var programmed = Condition(Read(control), ConditionType.Programmed);
        Assert.Equal(("False", "Refused"), (programmed.Status, programmed.Reason));
        Assert.Contains("unknown action", programmed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_PortTaken_IsProgrammedAndNotLive()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader) with { Sockets = [Bound with { Bound = false, Error = "address already in use" }] });
        var live = Condition(Read(control), ConditionType.Live);
        Assert.Equal(("False", "PortUnavailable"), (live.Status, live.Reason));
        var gateway = control.Statuses.Read(new ResourceKey("Gateway", "platform", "default"), 1, DateTimeOffset.UnixEpoch);
        var programmed = Assert.Single(gateway.Listeners!).Conditions.Single(condition => condition.Type == ConditionType.Programmed);
        Assert.Equal(("False", "PortUnavailable"), (programmed.Status, programmed.Reason));
    }

    [Fact]
    public async Task Status_GatewayThatAsksForNoAddress_NamesWhatDataPlanesBindByDefault()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader) with { Sockets = [Bound, Bound with { Address = "10.0.0.9", IsDefault = false }] });
        var gateway = control.Statuses.Read(new ResourceKey("Gateway", "platform", "default"), 1, DateTimeOffset.UnixEpoch);
        Assert.Equal([new StatusAddress("IPAddress", "127.0.0.1")], gateway.Addresses);
    }

    [Fact]
    public async Task Status_OtherGatewaysAddressBound_DoesNotCountForTheDefault()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader) with { Sockets = [Bound with { Address = "10.0.0.9", IsDefault = false }] });
        Assert.NotEqual("True", Condition(Read(control), ConditionType.Live).Status);
    }

    [Fact]
    public async Task Status_AddressThatNoMachineHas_IsAcceptedAndNotProgrammed()
    {
        await using var control = await StartAsync();
        var revision = await WriteAsync(TestDatabase.PlatformId, transaction =>
        {
            transaction.Db.Resources.Add(Resource(TestDatabase.PlatformId, "Gateway", "far",
                """{"gatewayClassName":"gatehouse","addresses":[{"value":"10.0.0.8"},{"value":"192.0.2.1"}],"listeners":[{"name":"http","port":80,"protocol":"HTTP"}]}"""));
            return Task.CompletedTask;
        });
        await control.Host.WaitForRevisionAsync(revision, CancellationToken.None);
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Healthy(reader) with
        {
            Sockets = [Bound, Bound with { Address = "10.0.0.8", IsDefault = false }, new SocketReport("192.0.2.1", 80, 8080, Bound: false, "AddressNotUsable: this machine does not have the address")],
        });
        var gateway = control.Statuses.Read(new ResourceKey("Gateway", "platform", "far"), 1, DateTimeOffset.UnixEpoch);
        Assert.Equal("True", Condition(gateway, ConditionType.Accepted).Status);
        Assert.Equal(("False", "AddressNotUsable"), Condition(gateway, ConditionType.Programmed) is var programmed ? (programmed.Status, programmed.Reason) : default);
        Assert.Equal([new StatusAddress("IPAddress", "10.0.0.8")], gateway.Addresses);
    }

    [Fact]
    public async Task Status_NoHealthyEndpoint_IsNotLive()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Report(reader, new EndpointReport("127.0.0.1:9001", "unhealthy", "connection refused")));
        var live = Condition(Read(control), ConditionType.Live);
        Assert.Equal(("False", "NoHealthyEndpoint"), (live.Status, live.Reason));
        Assert.Contains("connection refused", live.Message, StringComparison.Ordinal);
        var backend = control.Statuses.Read(new ResourceKey("Backend", "shop", "v1"), 1, DateTimeOffset.UnixEpoch);
        Assert.Equal("False", Condition(backend, ConditionType.Healthy).Status);
        Assert.Equal("unhealthy", Assert.Single(backend.Endpoints!).Health);
    }

    [Fact]
    public async Task Acknowledgement_ChangesOfHealth_BuildOnTheWhole()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await control.AcknowledgeAsync(Report(reader, new EndpointReport("127.0.0.1:9001", "unhealthy")));
        await control.AcknowledgeAsync(Healthy(reader) with { FullHealth = false });
        Assert.Equal("True", Condition(Read(control), ConditionType.Live).Status);
        await control.AcknowledgeAsync(Healthy(reader) with { FullHealth = false, Backends = [] });
        Assert.Equal("True", Condition(Read(control), ConditionType.Live).Status);
    }

    [Fact]
    public async Task WaitFor_AcknowledgementComes_EndsAtOnce()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        var wait = control.Statuses.WaitForAsync(Route, 1, DateTimeOffset.UnixEpoch, ConditionType.Live, Patience);
        await Task.Delay(200);
        Assert.False(wait.IsCompleted);
        await control.AcknowledgeAsync(Healthy(reader));
        Assert.Equal(WaitOutcome.Reached, (await wait).Outcome);
    }

    [Fact]
    public async Task WaitFor_NothingHappens_TimesOutWithTheStatus()
    {
        await using var control = await StartAsync();
        var result = await control.Statuses.WaitForAsync(Route, 1, DateTimeOffset.UnixEpoch, ConditionType.Live, TimeSpan.FromMilliseconds(200));
        Assert.Equal(WaitOutcome.TimedOut, result.Outcome);
        Assert.NotEmpty(result.Status.Conditions);
    }

    [Fact]
    public async Task WaitFor_RouteThatCannotServe_EndsEarly()
    {
        await using var control = await StartAsync();
        await using var reader = await ConnectAsync(control);
        await AddRouteAsync("lost", "nobody.example.org");
        await reader.ReadUntilAsync(control.Host.Current.Revision);
        var watch = Stopwatch.StartNew();
        var result = await control.Statuses.WaitForAsync(new ResourceKey("HTTPRoute", "shop", "lost"), 1, DateTimeOffset.UnixEpoch, ConditionType.Live, Patience);
        Assert.Equal(WaitOutcome.Refused, result.Outcome);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task WaitFor_ReplicaOfAnotherControlProcess_IsSeen()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await using var reader = await ConnectAsync(one);
        var wait = two.Statuses.WaitForAsync(Route, 1, DateTimeOffset.UnixEpoch, ConditionType.Live, Patience);
        await one.AcknowledgeAsync(Healthy(reader));
        Assert.Equal(WaitOutcome.Reached, (await wait).Outcome);

        // And what it says next: the health changed, nothing else.
        await one.AcknowledgeAsync(Report(reader, new EndpointReport("127.0.0.1:9001", "unhealthy")));
        await EventuallyAsync(() => Condition(Read(two), ConditionType.Live).Status == "False");
    }

    [Fact]
    public async Task Status_SpecThatCannotBeRead_IsAConditionOfThatObjectAlone()
    {
        await using var control = await StartAsync();
        var revision = await ChangeSpecAsync("Backend", "v1", """{"endpoints":"none"}""");
        await control.Host.WaitForRevisionAsync(revision, CancellationToken.None);
        var broken = control.Statuses.Read(new ResourceKey("Backend", "shop", "v1"), 2, DateTimeOffset.UnixEpoch);
        Assert.Equal(("False", "Invalid"), Condition(broken, ConditionType.Accepted) is var accepted ? (accepted.Status, accepted.Reason) : default);
        Assert.Equal("True", Condition(Read(control), ConditionType.Accepted).Status);

        revision = await ChangeSpecAsync("Backend", "v1", """{"endpoints":[{"address":"127.0.0.1","port":9001}]}""");
        await control.Host.WaitForRevisionAsync(revision, CancellationToken.None);
        Assert.Equal("True", Condition(control.Statuses.Read(new ResourceKey("Backend", "shop", "v1"), 3, DateTimeOffset.UnixEpoch), ConditionType.Accepted).Status);
    }

    private async Task<ControlProcess> StartAsync(TimeSpan? replicaTimeout = null)
    {
        var head = await AddShopOnceAsync();
        var control = await ControlProcess.StartAsync(
            Database.Compiler, options => options with { ReplicaTimeout = replicaTimeout ?? options.ReplicaTimeout });
        await control.Host.WaitForRevisionAsync(head, CancellationToken.None);
        return control;
    }

    private async Task<long> AddShopOnceAsync() => _head ??= await AddShopAsync();

    private long? _head;

    private static async Task<FeedReader> ConnectAsync(ControlProcess control)
    {
        var reader = new FeedReader();
        await reader.ConnectAsync(control);
        await reader.ReadUntilAsync(control.Host.Current.Revision);
        return reader;
    }

    private static Acknowledgement Healthy(FeedReader reader, string replica = "r1") =>
        Report(reader, new EndpointReport("127.0.0.1:9001", "healthy")) with { Replica = replica };

    private static Acknowledgement Report(FeedReader reader, EndpointReport endpoint) => reader.Acknowledgement() with
    {
        Sockets = [Bound],
        Backends = [new BackendReport(BackendKey, [endpoint])],
        FullHealth = true,
    };

    private static ObjectStatus Read(ControlProcess control, long generation = 1) => control.Statuses.Read(Route, generation, DateTimeOffset.UnixEpoch);

    private static ObjectCondition Condition(ObjectStatus status, string type) => status.Conditions.Single(condition => condition.Type == type);

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed < Patience, "It never held.");
            await Task.Delay(20);
        }
    }
}
