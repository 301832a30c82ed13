using System.Text.Json;
using Gatehouse.Contracts.Api;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;
using Xunit;
using static Gatehouse.Api.Tests.Control.Clusters.ClusterCase;

namespace Gatehouse.Api.Tests.Control.Clusters;

public sealed class ClusterShapeTests
{
    [Fact]
    public void Parents_OfARoute_NameTheClustersControllersInTheTenantsTerms()
    {
        var status = new ClusterCase { Objects = [Route(), Route() with { Name = "web-2" }] }.Status;

        var reported = Assert.Single(status.Parents!, parent => parent.ControllerName == Controller);
        Assert.Equal(("platform", "default"), (reported.ParentRef.Namespace, reported.ParentRef.Name));
        Assert.Equal(["Accepted", "ResolvedRefs"], reported.Conditions.Select(condition => condition.Type));
        Assert.All(reported.Conditions, condition => Assert.Equal(("True", Generation), (condition.Status, condition.ObservedGeneration)));
        Assert.Contains(status.Parents!, parent => parent.ControllerName == ResourceKind.ControllerName);
    }

    [Fact]
    public void Parents_WithTwoToChooseFrom_KeepTheClustersNamesUnlessOneIsTheSame()
    {
        ParentReference[] own = [new() { Name = "default", Namespace = "platform" }, new() { Name = "edge", Namespace = "platform" }];
        var parents = Route() with { Parents = [Parent(Says("Accepted")), Parent(Says("Accepted")) with { ParentRef = new() { Name = "edge", Namespace = "infra" } }] };
        var status = new ClusterCase { ParentRefs = own, Objects = [parents] }.Status;

        var reported = status.Parents!.Where(parent => parent.ControllerName == Controller).Select(parent => $"{parent.ParentRef.Namespace}/{parent.ParentRef.Name}");
        Assert.Equal(["infra/default-1", "platform/edge"], reported);
    }

    [Fact]
    public void Parents_OfShardsThatDisagree_ShowTheWorst()
    {
        var refused = Route(Says("Accepted", "False", "NoMatchingParent"), Says("ResolvedRefs"), Says("PartiallyInvalid", "True", "UnsupportedValue"), Says("example.com/Odd", "Maybe"));
        var healthy = Route(Says("Accepted"), Says("ResolvedRefs"), Says("PartiallyInvalid", "False"));
        var entry = new ClusterCase { Objects = [healthy, refused] }.Status.Parents!.Single(parent => parent.ControllerName == Controller);

        Assert.Equal(
            ["Accepted=False", "ResolvedRefs=True", "PartiallyInvalid=True", "example.com/Odd=Unknown"],
            entry.Conditions.Select(condition => $"{condition.Type}={condition.Status}"));
    }

    [Fact]
    public void Parents_OfAnOlderGeneration_ObserveAnOlderOneHere()
    {
        var stale = new ClusterCase { Objects = [Route(Says("Accepted", generation: 6), Says("ResolvedRefs"))] }.Status;
        var changed = new ClusterCase { Reported = 2 }.Status;

        Assert.Equal([2L, 3L], Observed(stale));
        Assert.Equal([2L, 2L], Observed(changed));

        static IEnumerable<long> Observed(ObjectStatus status) =>
            status.Parents!.Single(parent => parent.ControllerName == Controller).Conditions.Select(condition => condition.ObservedGeneration);
    }

    [Fact]
    public void Ancestors_OfAPolicy_NameTheClustersControllers()
    {
        var status = new ClusterCase { Kind = ResourceKind.BackendTlsPolicy, Objects = [Route() with { Kind = ResourceKind.BackendTlsPolicy }] }.Status;

        var ancestor = Assert.Single(status.Ancestors!);
        Assert.Equal((Controller, "default-1"), (ancestor.ControllerName, ancestor.AncestorRef.Name));
    }

    [Fact]
    public void Gateway_OverShards_SumsAttachedRoutesAndNamesAllAddresses()
    {
        var status = Shards(Says("Accepted"), Says("Programmed")).Status;

        Assert.Equal([("http", 5), ("https", 1)], status.Listeners!.Select(listener => (listener.Name, listener.AttachedRoutes)));
        Assert.Equal(["192.0.2.10", "192.0.2.11"], status.Addresses!.Select(address => address.Value));
        Assert.All(status.Listeners!, listener => Assert.Equal("True", Programmed(listener).Status));
    }

    [Fact]
    public void Listener_ThatTheClusterRefuses_LeavesTheOthersProgrammed()
    {
        var status = Shards(Says("Accepted"), Says("ResolvedRefs", "False", "InvalidCertificateRef"), Says("Conflicted", "True", "HostnameConflict")).Status;

        var (http, https) = (status.Listeners![0], status.Listeners[1]);
        Assert.Equal("True", Programmed(http).Status);
        Assert.Equal(("False", "HostnameConflict"), (Programmed(https).Status, Programmed(https).Reason));
        Assert.Equal(
            ["Accepted=True/Accepted", "ResolvedRefs=False/InvalidCertificateRef", "Conflicted=True/HostnameConflict", "Programmed=False/HostnameConflict"],
            https.Conditions.Select(condition => $"{condition.Type}={condition.Status}/{condition.Reason}"));
        Assert.Equal("False", status.Conditions.Single(condition => condition.Type == "Programmed").Status);
    }

    [Fact]
    public void Listener_OfARefusedGateway_IsNotProgrammed()
    {
        var subject = new ClusterCase
        {
            Kind = ResourceKind.Gateway,
            Listeners = [new ListenerStatus("http", 0, [], [Good("Accepted")])],
            Objects = [EdgeGateway(Says("Accepted"), Says("Programmed", "False", "NoResources")) with { Listeners = [new ReportedListener("http", 0, [Says("Programmed")])] }],
        };

        Assert.Equal("NoResources", Programmed(subject.Status.Listeners![0]).Reason);
    }

    [Fact]
    public void Hostname_InACluster_ShowsTheAddressesThatCarryIt()
    {
        var subject = new ClusterCase { Kind = ResourceKind.Hostname, Objects = [EdgeGateway()] };

        Assert.Equal([new StatusAddress("IPAddress", "192.0.2.10")], subject.Status.Addresses);
        Assert.Null((subject with { Pools = ["default"], Reported = null }).Status.Addresses);
    }

    [Fact]
    public void GatewayClass_OfACluster_IsWhatTheClusterSays()
    {
        var subject = new ClusterCase { Kind = ResourceKind.GatewayClass, Reported = null };
        var missing = subject with { Cluster = Reachable with { Classes = [] } };
        var refused = subject with { Cluster = Reachable with { Classes = [new("edge", Controller, [Says("Accepted", "False", "InvalidParameters")], null)] } };

        Assert.Equal(["Gateway", "HTTPRoute"], subject.Status.SupportedFeatures!.Select(feature => feature.Name));
        Assert.Equal(Controller, Assert.Single(subject.Status.Clusters!).ControllerName);
        Assert.Equal(("True", "True"), (subject.Condition("Accepted").Status, subject.Condition("Live").Status));
        Assert.Equal(("False", "ClassNotFound"), (missing.Condition("Accepted").Status, missing.Condition("Programmed").Reason));
        Assert.Equal(("InvalidParameters", "InvalidParameters"), (refused.Condition("Accepted").Reason, refused.Condition("Live").Reason));
        Assert.Empty(missing.Final);
    }

    [Fact]
    public void Clusters_OfADriftedRoute_ShowObjectFieldsManagerWeightsAndProbe()
    {
        var status = new ClusterCase
        {
            Objects = [Route() with { State = ObjectState.Drifted, Fields = [new(".spec.hostnames", "kubectl-edit")], Weights = [[90, 10]] }, Route() with { Name = "web-2" }],
            Problems = [new(false, "RetryDropped", "Cluster `prod` has no retries.")],
            Probe = new(Start, Generation, true, "192.0.2.10", 200, "OK"),
        }.Status;

        var place = Assert.Single(status.Clusters!);
        Assert.Equal(("prod", "Drifted"), (place.Cluster, place.State));
        Assert.Equal([new ClusterField(".spec.hostnames", "kubectl-edit")], place.Objects[0].Fields);
        Assert.Contains("kubectl-edit", place.Objects[0].Message, StringComparison.Ordinal);
        Assert.Null(place.Objects[1].Message);
        Assert.Equal(("HTTPRoute team-shop/web", 90), (Assert.Single(place.Weights!).Object, place.Weights![0].Rules[0][0]));
        Assert.Equal((true, 200), (place.Probe!.Reached, place.Probe.Status));
        Assert.Equal("RetryDropped", Assert.Single(place.Problems!).Reason);
    }

    [Fact]
    public void Clusters_OfAnObjectOfDataPlanes_AreAbsent() =>
        Assert.Null(new ClusterCase { Pools = ["default"], Reported = null }.Status.Clusters);

    private static ClusterCase Shards(params ReportedCondition[] https) => new()
    {
        Kind = ResourceKind.Gateway,
        Listeners = [Stored("http"), Stored("https")],
        Objects =
        [
            EdgeGateway() with { Listeners = [new ReportedListener("http", 2, [Says("Programmed")]), new ReportedListener("rivals-own", 9, [])] },
            EdgeGateway() with
            {
                Name = "default-2",
                Addresses = [new GatewaySpecAddress { Value = "192.0.2.11" }],
                Listeners = [new ReportedListener("http", 3, []), new ReportedListener("https", 1, https)],
            },
        ],
    };

    private static ListenerStatus Stored(string name) => new(name, 7, [], [Good("Accepted"), Good("ResolvedRefs")]);

    private static ObjectCondition Programmed(ListenerStatusView listener) => listener.Conditions.Single(condition => condition.Type == "Programmed");
}

/// <summary>Statuses as clients read them.</summary>
internal static class StatusJson
{
    public static string ToJson(this ObjectStatus status) => JsonSerializer.Serialize(status, JsonSerializerOptions.Web);
}
