using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Xunit;
using static Gatehouse.Api.Tests.Control.Clusters.ClusterCase;

namespace Gatehouse.Api.Tests.Control.Clusters;

public sealed class ClusterConditionTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    // Case; then Projected, Programmed and Live as status/reason.
    private static readonly Dictionary<string, (ClusterCase Case, string Projected, string Programmed, string Live)> Cases = new()
    {
        ["all is well"] = (new(), "True/Projected", "True/Programmed", "True/Reported"),
        ["no worker ever"] = (new() { Cluster = null, Reported = null }, "False/NoWorker", "False/NoWorker", "False/NoWorker"),
        ["worker silent"] = (new() { Cluster = Reachable with { ReportedAt = Start.AddSeconds(-61) } }, "False/WorkerSilent", "Unknown/WorkerSilent", "Unknown/WorkerSilent"),
        ["worker a bit late"] = (new() { Cluster = Reachable with { ReportedAt = Start.AddSeconds(-59) } }, "True/Projected", "True/Programmed", "True/Reported"),
        ["unreachable"] = (new() { Cluster = Reachable with { Reachable = false } }, "False/ClusterUnreachable", "Unknown/ClusterUnreachable", "Unknown/ClusterUnreachable"),
        ["unreachable and spec changed"] = (new() { Cluster = Reachable with { Reachable = false }, Reported = 2 }, "Unknown/ClusterUnreachable", "Unknown/ClusterUnreachable", "Unknown/ClusterUnreachable"),
        ["not reported yet"] = (new() { Reported = null }, "Unknown/Pending", "Unknown/Pending", "Unknown/Pending"),
        ["spec changed"] = (new() { Reported = 2 }, "Unknown/Pending", "Unknown/Pending", "Unknown/Pending"),
        ["made anew, old report"] = (new() { Reported = 8 }, "Unknown/Pending", "Unknown/Pending", "Unknown/Pending"),
        ["nothing there"] = (new() { Objects = [] }, "Unknown/Pending", "Unknown/Pending", "Unknown/Pending"),
        ["refused"] = (new() { Objects = [], Problems = [new(true, "KindNotServed", "Cluster `prod` serves no UDPRoute.")] }, "False/KindNotServed", "False/KindNotServed", "False/KindNotServed"),
        ["approximated"] = (new() { Problems = [new(false, "RetryDropped", "Cluster `prod` has no retries.")] }, "True/Approximated", "True/Programmed", "True/Reported"),
        ["pending"] = (new() { Objects = [Route() with { State = ObjectState.Pending }] }, "Unknown/Pending", "Unknown/Pending", "Unknown/Pending"),
        ["failed"] = (new() { Objects = [Route() with { State = ObjectState.Failed }] }, "False/Failed", "False/Failed", "False/Failed"),
        ["foreign"] = (new() { Objects = [Route() with { State = ObjectState.Foreign }] }, "False/Foreign", "False/Foreign", "False/Foreign"),
        ["conflict"] = (new() { Objects = [Route() with { State = ObjectState.Conflict }] }, "False/Conflict", "False/Conflict", "False/Conflict"),
        ["contested"] = (new() { Objects = [Route() with { State = ObjectState.Contested }] }, "False/Contested", "False/Contested", "False/Contested"),
        ["drifted"] = (new() { Objects = [Route() with { State = ObjectState.Drifted }] }, "False/Drifted", "False/Drifted", "False/Drifted"),
        ["held"] = (new() { Objects = [Route() with { State = ObjectState.Held }] }, "False/Held", "False/Held", "False/Held"),
        ["a state of a newer worker"] = (new() { Objects = [Route() with { State = "Petrified" }] }, "Unknown/Petrified", "Unknown/Petrified", "Unknown/Petrified"),
        ["one shard drifted, one pending"] = (new() { Objects = [Route() with { State = ObjectState.Pending }, Route() with { State = ObjectState.Drifted }] }, "False/Drifted", "False/Drifted", "False/Drifted"),
        ["unclaimed, just applied"] = (new() { Objects = [Route() with { Parents = [] }], Age = TimeSpan.FromSeconds(14) }, "True/Projected", "Unknown/Pending", "Unknown/Pending"),
        ["unclaimed for 15 s"] = (new() { Objects = [Route() with { Parents = [] }], Age = TimeSpan.FromSeconds(15) }, "True/Projected", "False/NoController", "False/NoController"),
        ["parents never reported"] = (new() { Objects = [Route() with { Parents = null }], Age = Minute }, "True/Projected", "False/NoController", "False/NoController"),
        ["one of two parents unclaimed"] = (new() { Objects = [Route() with { ParentRefs = [Parent().ParentRef, new() { Name = "other", Namespace = "infra" }] }], Age = Minute }, "True/Projected", "False/NoController", "False/NoController"),
        ["every parent claimed"] = (new() { Objects = [Route() with { ParentRefs = [Parent().ParentRef] }], Age = Minute }, "True/Projected", "True/Programmed", "True/Reported"),
        ["stale for 59 s"] = (new() { Objects = [Route(Says("Accepted", generation: 6), Says("ResolvedRefs", generation: 6))], Age = TimeSpan.FromSeconds(59) }, "True/Projected", "Unknown/Pending", "Unknown/Pending"),
        ["stale for 60 s"] = (new() { Objects = [Route(Says("Accepted", generation: 6), Says("ResolvedRefs", generation: 6))], Age = Minute }, "True/Projected", "False/ControllerStale", "False/ControllerStale"),
        ["stale refusal"] = (new() { Objects = [Route(Says("Accepted", "False", "NoMatchingParent", generation: 6), Says("ResolvedRefs", generation: 6))] }, "True/Projected", "Unknown/Pending", "Unknown/Pending"),
        ["no observedGeneration, at first"] = (new() { Objects = [Route(Says("Accepted", generation: null), Says("ResolvedRefs", generation: null))] }, "True/Projected", "Unknown/Pending", "Unknown/Pending"),
        ["no observedGeneration"] = (new() { Objects = [Route(Says("Accepted", generation: null), Says("ResolvedRefs", generation: null))], Age = Minute }, "True/Projected", "Unknown/GenerationNotObserved", "Unknown/GenerationNotObserved"),
        ["ahead of the report"] = (new() { Objects = [Route(Says("Accepted", generation: 8), Says("ResolvedRefs", generation: 8))] }, "True/Projected", "True/Programmed", "True/Reported"),
        ["not accepted"] = (new() { Objects = [Route(Says("Accepted", "False", "NotAllowedByListeners"), Says("ResolvedRefs"))] }, "True/Projected", "False/NotAllowedByListeners", "False/NotAllowedByListeners"),
        ["backend missing"] = (new() { Objects = [Route(Says("Accepted"), Says("ResolvedRefs", "False", "BackendNotFound"))] }, "True/Projected", "False/BackendNotFound", "False/BackendNotFound"),
        ["undecided"] = (new() { Objects = [Route(Says("Accepted", "Unknown", "Pending"), Says("ResolvedRefs"))] }, "True/Projected", "Unknown/Pending", "Unknown/Pending"),
        ["ResolvedRefs missing"] = (new() { Objects = [Route(Says("Accepted"))] }, "True/Projected", "Unknown/Pending", "Unknown/Pending"),
        ["ResolvedRefs missing for long"] = (new() { Objects = [Route(Says("Accepted"))], Age = Minute }, "True/Projected", "Unknown/NotReported", "Unknown/NotReported"),
        ["partially invalid"] = (new() { Objects = [Route(Says("Accepted"), Says("ResolvedRefs"), Says("PartiallyInvalid", "True", "UnsupportedValue", "Dropped Rule 1"))] }, "True/Projected", "False/UnsupportedValue", "False/UnsupportedValue"),
        ["not partially invalid"] = (new() { Objects = [Route(Says("Accepted"), Says("ResolvedRefs"), Says("PartiallyInvalid", "False", "AllGood"))] }, "True/Projected", "True/Programmed", "True/Reported"),
        ["unknown reason"] = (new() { Objects = [Route(Says("Accepted", "False", "TeapotShort"), Says("ResolvedRefs"))] }, "True/Projected", "False/TeapotShort", "False/TeapotShort"),
        ["unknown type"] = (new() { Objects = [Route(Says("Accepted"), Says("ResolvedRefs"), Says("example.com/Brewed", "False", "Cold"))] }, "True/Projected", "True/Programmed", "True/Reported"),
        ["unknown status"] = (new() { Objects = [Route(Says("Accepted", "Maybe"), Says("ResolvedRefs"))] }, "True/Projected", "Unknown/Accepted", "Unknown/Accepted"),
        ["two controllers, one refuses"] = (new() { Objects = [Route() with { Parents = [Parent(Says("Accepted"), Says("ResolvedRefs")), Parent(Says("Accepted", "False", "UnsupportedValue"), Says("ResolvedRefs")) with { ControllerName = "example.org/mesh" }] }] }, "True/Projected", "False/UnsupportedValue", "False/UnsupportedValue"),
        ["probed"] = (new() { Probe = new(Start, Generation, true, "192.0.2.10", 200, "200 from the backend") }, "True/Projected", "True/Programmed", "True/Probed"),
        ["probe failed"] = (new() { Probe = new(Start, Generation, false, "192.0.2.10", 503, "no healthy upstream") }, "True/Projected", "True/Programmed", "False/ProbeFailed"),
        ["probe of an older generation"] = (new() { Probe = new(Start, 2, false, "192.0.2.10", 503, "no healthy upstream") }, "True/Projected", "True/Programmed", "True/Reported"),
        ["probe reached, controller refuses"] = (new() { Objects = [Route(Says("Accepted", "False", "UnsupportedValue"), Says("ResolvedRefs"))], Probe = new(Start, Generation, true, "192.0.2.10", 200, "") }, "True/Projected", "False/UnsupportedValue", "False/UnsupportedValue"),
        ["other cluster refuses"] = (new() { Pools = ["kubernetes:prod", "kubernetes:staging"], Staging = Elsewhere(Route() with { State = ObjectState.Failed }) }, "False/Failed", "False/Failed", "False/Failed"),
        ["other cluster well"] = (new() { Pools = ["kubernetes:prod", "kubernetes:staging"], Staging = Elsewhere(Route()) }, "True/Projected", "True/Programmed", "True/Reported"),
        ["data plane missing"] = (new() { Pools = ["default", "kubernetes:prod"] }, "True/Projected", "False/NoReplica", "False/NoReplica"),
        ["data plane behind"] = (new() { Pools = ["default", "kubernetes:prod"], AppliedRevision = 8 }, "True/Projected", "Unknown/Pending", "Unknown/Pending"),
        ["data plane well"] = (new() { Pools = ["default", "kubernetes:prod"], AppliedRevision = 9 }, "True/Projected", "True/Programmed", "True/Reported"),
        ["data plane well, cluster not"] = (new() { Pools = ["default", "kubernetes:prod"], AppliedRevision = 9, Objects = [Route(Says("Accepted", "False", "UnsupportedValue"), Says("ResolvedRefs"))] }, "True/Projected", "False/UnsupportedValue", "False/UnsupportedValue"),
        ["compiler refuses"] = (new() { Compiled = [Good("Accepted") with { Status = "False", Reason = "NoMatchingParent", Message = "Gateway `default` has no such listener." }, Good("ResolvedRefs")] }, "True/Projected", "False/NotAccepted", "False/NotAccepted"),
        ["a Service needs no controller"] = (new() { Kind = ResourceKind.Backend, Objects = [Route() with { Kind = "Service", Parents = null }] }, "True/Projected", "True/Programmed", "True/Reported"),
        ["a policy that nobody applies"] = (new() { Kind = ResourceKind.BackendTlsPolicy, Objects = [Policy()], Age = Minute }, "True/Projected", "False/NoController", "False/NoController"),
        ["a policy with Accepted alone"] = (new() { Kind = ResourceKind.BackendTlsPolicy, Objects = [Policy(Says("Accepted"))] }, "True/Projected", "True/Programmed", "True/Reported"),
        ["a policy with a bad CA"] = (new() { Kind = ResourceKind.BackendTlsPolicy, Objects = [Policy(Says("Accepted"), Says("ResolvedRefs", "False", "InvalidCACertificateRef"))] }, "True/Projected", "False/InvalidCACertificateRef", "False/InvalidCACertificateRef"),
        ["a grant that is written"] = (new() { Kind = ResourceKind.ReferenceGrant, Pools = [], Objects = [Route() with { Kind = "ReferenceGrant", Parents = null }] }, "True/Projected", "True/Programmed", "True/Reported"),
        ["a grant of data planes alone"] = (new() { Kind = ResourceKind.ReferenceGrant, Pools = [], Reported = null }, "-", "True/NothingToProgram", "True/Live"),
        ["a route of data planes alone"] = (new() { Pools = ["default"], AppliedRevision = 9, Reported = null }, "-", "True/Programmed", "True/Live"),
        ["nowhere any more, and held in the cluster"] = (new() { Pools = [], Objects = [Route() with { State = ObjectState.Held }] }, "False/Held", "False/NoPool", "False/NoPool"),
    };

    public static TheoryData<string> Names => new(Cases.Keys);

    /// <summary>Objects of which a user reads what is wrong.</summary>
    internal static IEnumerable<(string Name, ClusterCase Case)> Told => Cases.Select(found => (found.Key, found.Value.Case));

    [Theory]
    [MemberData(nameof(Names))]
    public void Conditions_OfAnObjectInACluster_FollowFromItsReport(string name)
    {
        var (subject, projected, programmed, live) = Cases[name];
        var conditions = subject.Status.Conditions;

        Assert.Equal((projected, programmed, live), (Show("Projected"), Show("Programmed"), Show("Live")));
        Assert.All(conditions, condition => Assert.Equal(Generation, condition.ObservedGeneration));
        Assert.All(conditions.Where(condition => condition.Type is "Projected" or "Programmed" or "Live"), condition => Assert.Matches(@"^[A-Z].*\S$", condition.Message));

        string Show(string type) => conditions.SingleOrDefault(condition => condition.Type == type) is { } found ? $"{found.Status}/{found.Reason}" : "-";
    }

    [Theory]
    [InlineData("KindNotServed", false, false)]
    [InlineData("LoopbackBackend", true, true)]
    public void Problem_ThatOnlyAWriteMends_IsFinal(string reason, bool onlyAWriteMends, bool expected)
    {
        var subject = new ClusterCase { Objects = [], Problems = [new(true, "Other", "."), new(true, reason, ".") { OnlyAWriteMends = onlyAWriteMends }] };

        Assert.All(new[] { "Projected", "Programmed", "Live" }, type => Assert.Equal(expected, subject.Final.Contains(type)));
        Assert.Equal(expected ? reason : "Other", subject.Condition("Projected").Reason);
    }

    [Theory]
    [InlineData("not accepted")]
    [InlineData("unclaimed for 15 s")]
    [InlineData("foreign")]
    [InlineData("conflict")]
    [InlineData("failed")]
    [InlineData("unreachable")]
    [InlineData("no worker ever")]
    [InlineData("probe failed")]
    public void Verdict_ThatAClusterMayChangeByItself_IsNotFinal(string name) => Assert.Empty(Cases[name].Case.Final);

    [Fact]
    public void Refusal_OfTheCompiler_StaysFinal() =>
        Assert.Superset(new HashSet<string> { "Accepted", "Programmed", "Live" }, Cases["compiler refuses"].Case.Final.ToHashSet());

    [Fact]
    public void Accepted_RefusedByTheClustersController_SaysSoAndIsNotFinal()
    {
        var subject = Cases["not accepted"].Case;

        Assert.Equal(("False", "NotAllowedByListeners"), (subject.Condition("Accepted").Status, subject.Condition("Accepted").Reason));
        Assert.Equal("True", subject.Condition("ResolvedRefs").Status);
        Assert.Equal("True", Cases["stale refusal"].Case.Condition("Accepted").Status);
        Assert.Equal("True", Cases["stale for 60 s"].Case.Condition("Accepted").Status);
    }

    [Fact]
    public void Healthy_OfABackendThatClustersAloneServe_IsNotKnown()
    {
        var subject = Cases["a Service needs no controller"].Case;

        Assert.Equal(("Unknown", "NotProbed"), (subject.Condition("Healthy").Status, subject.Condition("Healthy").Reason));
    }

    private static ReportedObject Policy(params ReportedCondition[] conditions) => Route() with
    {
        Kind = ResourceKind.BackendTlsPolicy,
        Parents = conditions.Length == 0 ? [] : [Parent(conditions)],
    };

    private static ClusterObjectReport Elsewhere(ReportedObject target) => new() { Generation = Generation, Objects = [target] };
}
