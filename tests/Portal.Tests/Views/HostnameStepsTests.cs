using Gatehouse.Contracts.Api;
using Gatehouse.Portal.Conditions;
using Gatehouse.Portal.Hostnames;
using Xunit;

namespace Gatehouse.Portal.Tests.Views;

public sealed class HostnameStepsTests
{
    [Theory]
    [InlineData("False", "Pending", false, Signal.Waiting)]
    [InlineData("False", "Lost", false, Signal.Bad)]
    [InlineData("True", "Verified", false, Signal.Good)]
    [InlineData("True", "Verified", true, Signal.Partial)]
    public void Of_Claim_ShowsWhetherItsProofStands(string status, string reason, bool suspended, Signal signal)
    {
        var dns = new HostnameDns("_gatehouse-challenge.shop.example.com", "v") { SuspendedAfter = suspended ? DateTimeOffset.UnixEpoch : null };
        Assert.Equal(signal, HostnameSteps.Of(Hostname([Condition("Verified", status, reason)], dns, null))[1].Signal);
    }

    [Fact]
    public void Of_ClaimThatWaits_IsNoFault()
    {
        var hostname = Hostname([Condition("Verified", "False", "Pending"), Condition("Accepted", "False", "Pending"), Condition("Programmed", "False", "NotAccepted"), Condition("Live", "False", "NotAccepted")], null, null);
        Assert.DoesNotContain(HostnameSteps.Of(hostname), static step => step.Signal == Signal.Bad);
        Assert.Equal(Signal.Waiting, ObjectState.Of(hostname, ObjectState.HostnamePath).Signal);
    }

    [Theory]
    [InlineData("Retrying", "True", Signal.Partial)]
    [InlineData("Stopped", "True", Signal.Bad)]
    [InlineData("Issuing", "True", Signal.Waiting)]
    [InlineData("Waiting", "False", Signal.Waiting)]
    public void Of_Certificate_ShowsWhoMustAct(string state, string verified, Signal signal) =>
        Assert.Equal(signal, HostnameSteps.Of(Hostname([Condition("Verified", verified, "Pending"), Condition("CertificateReady", "False", "NoCertificate")], null, new HostnameIssuance(state)))[2].Signal);

    private static ObjectCondition Condition(string type, string status, string reason) => new() { Type = type, Status = status, Reason = reason, Message = "", ObservedGeneration = 1 };

    private static ApiObject<System.Text.Json.JsonElement> Hostname(IReadOnlyList<ObjectCondition> conditions, HostnameDns? dns, HostnameIssuance? issuance) =>
        new() { Name = "shop.example.com", Generation = 1, Spec = default, Status = new ObjectStatus { Conditions = conditions, Dns = dns, Issuance = issuance } };
}
