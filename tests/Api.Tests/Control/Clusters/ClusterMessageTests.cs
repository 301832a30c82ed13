using System.Runtime.CompilerServices;
using System.Text;
using Gatehouse.Control.Clusters;
using Gatehouse.Gateway.Resources;
using Xunit;
using static Gatehouse.Api.Tests.Control.Clusters.ClusterCase;

namespace Gatehouse.Api.Tests.Control.Clusters;

/// <summary>What users read, in one file to be read as they would: <c>UPDATE_GOLDEN=1</c> rewrites it.</summary>
public sealed class ClusterMessageTests
{
    private static readonly ReportedField Weight = new(".spec.rules[0].backendRefs[0].weight", "argo-rollouts");

    private static readonly Dictionary<string, ClusterCase> More = new()
    {
        ["conflict, with its fields"] = new() { Objects = [Route() with { State = ObjectState.Conflict, Fields = [Weight, new(".spec.hostnames", "kubectl-edit")] }] },
        ["drifted, with its fields"] = new() { Objects = [Route() with { State = ObjectState.Drifted, Fields = [new(".spec.hostnames", "kubectl-edit")] }] },
        ["contested, with its fields"] = new() { Objects = [Route() with { State = ObjectState.Contested, Fields = [Weight] }] },
        ["failed, with its message"] = new() { Objects = [Route() with { State = ObjectState.Failed, Message = "admission webhook \"validate.example.com\" denied the request: no team label" }] },
        ["unreachable, with its problem"] = new() { Cluster = Reachable with { Reachable = false, Problem = "connection refused (10.0.0.1:6443)" } },
        ["held, with its reason"] = new() { Objects = [Route() with { State = ObjectState.Held }], Cluster = Reachable with { Held = new ReportedHold("token-1", 80, 90, "80 of 90 objects would go.") } },
        ["not accepted, with the controller's words"] = new() { Objects = [Route(Says("Accepted", "False", "NotAllowedByListeners", "listener http: route namespace not allowed"), Says("ResolvedRefs"))] },
        ["dropped rule"] = new() { Objects = [Route(Says("Accepted"), Says("ResolvedRefs"), Says("PartiallyInvalid", "True", "UnsupportedValue", "Dropped Rule 2: regular expression"))] },
        ["gateway without address"] = new() { Kind = ResourceKind.Gateway, Objects = [EdgeGateway(Says("Accepted"), Says("Programmed", "False", "AddressNotAssigned", "no load balancer"))] },
        ["gateway that nobody claims"] = new() { Kind = ResourceKind.Gateway, Objects = [EdgeGateway(Says("Accepted", "Unknown", "Pending", "Waiting for controller", null))], Age = TimeSpan.FromMinutes(3) },
        ["gateway of a missing class"] = new() { Kind = ResourceKind.Gateway, Objects = [EdgeGateway() with { ClassName = "gone" }] },
        ["listener without certificate"] = new() { Kind = ResourceKind.Gateway, Objects = [EdgeGateway() with { Listeners = [new("https", 0, [Says("ResolvedRefs", "False", "InvalidCertificateRef", "secret not found")])] }] },
        ["listener in conflict"] = new() { Kind = ResourceKind.Gateway, Objects = [EdgeGateway() with { Listeners = [new("https", 0, [Says("Conflicted", "True", "HostnameConflict")])] }] },
        ["listener with overlapping TLS"] = new() { Kind = ResourceKind.Gateway, Objects = [EdgeGateway() with { Listeners = [new("https", 0, [Says("OverlappingTLSConfig", "True", "OverlappingHostnames")])] }] },
        ["class"] = new() { Kind = ResourceKind.GatewayClass, Objects = [], Reported = null },
        ["class that its controller refuses"] = new() { Kind = ResourceKind.GatewayClass, Objects = [], Reported = null, Cluster = Reachable with { Classes = [new("edge", Controller, [Says("Accepted", "False", "UnsupportedVersion", "need v1.4")], null)] } },
    };

    [Fact]
    public async Task Messages_OfAllCases_AreTheCommittedOnes()
    {
        var text = new StringBuilder();
        foreach (var (name, subject) in ClusterConditionTests.Told.Concat(More.Select(found => (found.Key, found.Value))))
        {
            text.Append("== ").Append(name).Append('\n');
            var said = new HashSet<string>();
            foreach (var condition in subject.Status.Conditions.Where(condition => condition.Message.Length > 0))
                text.Append($"{condition.Type}={condition.Status}/{condition.Reason}: ").Append(said.Add(condition.Message) ? condition.Message : "(the same)").Append('\n');
        }

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(CommittedPath(), text.ToString());
        Assert.Equal(await File.ReadAllTextAsync(CommittedPath()), text.ToString());
    }

    [Fact]
    public void Message_OfAController_IsBoundedAndOnOneLine()
    {
        var hostile = "first\r\n\u001b[31msecond\u202e\u0000 " + new string('x', 5000);
        var message = new ClusterCase { Objects = [Route(Says("Accepted", "False", "Bad`Reason\n", hostile), Says("ResolvedRefs"))] }.Condition("Accepted");

        Assert.Contains("says: first [31msecond x", message.Message, StringComparison.Ordinal);
        Assert.InRange(message.Message.Length, 400, 1000);
        Assert.DoesNotContain(message.Message + message.Reason, character => char.IsControl(character) || character == '\u202e');
        Assert.Equal("Bad'Reason", message.Reason);
    }

    [Fact]
    public void Message_OfASharedGateway_TellsAHostnamesTenantNothingOfOthers()
    {
        var gateway = EdgeGateway(Says("Accepted", "False", "ListenersNotValid", "listener secret-project.rival.example.com"), Says("Programmed"));
        var subject = new ClusterCase { Kind = ResourceKind.Hostname, Objects = [gateway with { State = ObjectState.Applied }] };
        var drifted = subject with { Objects = [gateway with { State = ObjectState.Drifted, Fields = [new(".spec.listeners[secret-project]", "kubectl")] }] };

        Assert.Equal("ListenersNotValid", subject.Condition("Programmed").Reason);
        Assert.Equal("Drifted", drifted.Condition("Projected").Reason);
        Assert.DoesNotContain("secret-project", subject.Status.ToJson() + drifted.Status.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.1", More["unreachable, with its problem"].Status.ToJson(), StringComparison.Ordinal);
        Assert.Contains("secret-project", (subject with { Kind = ResourceKind.Gateway }).Status.ToJson(), StringComparison.Ordinal);
    }

    private static string CommittedPath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "messages.out.txt");
}
