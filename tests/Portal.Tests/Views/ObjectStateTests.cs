using Gatehouse.Portal.Conditions;
using Xunit;
using static Gatehouse.Portal.Tests.Components.Resources;

namespace Gatehouse.Portal.Tests.Views;

public sealed class ObjectStateTests
{
    [Theory]
    [InlineData("True", "True", "True", "True", Signal.Good, "Live", null)]
    [InlineData("True", "False", "True", "True", Signal.Partial, "Live in part", "ResolvedRefs")]
    [InlineData("False", "True", "False", "False", Signal.Bad, "Broken", "Accepted")]
    [InlineData("True", "True", "True", "False", Signal.Bad, "Not live", "Live")]
    [InlineData("True", "True", "Unknown", "Unknown", Signal.Waiting, "Waiting", "Programmed")]
    [InlineData("True", "False", "Unknown", "Unknown", Signal.Bad, "Broken", "ResolvedRefs")]
    public void Of_Conditions_SaysTheMostImportantThing(
        string accepted, string resolved, string programmed, string live, Signal signal, string word, string? because)
    {
        var state = ObjectState.Of(
            Route("{}", Condition("Accepted", accepted), Condition("ResolvedRefs", resolved), Condition("Programmed", programmed), Condition("Live", live)),
            ObjectState.Path);
        Assert.Equal((signal, word, because), (state.Signal, state.Word, state.Because?.Type));
    }

    [Fact]
    public void Of_NoStatusYet_IsWaitingWithoutBotheringAnybody()
    {
        var state = ObjectState.Of(Route("{}"), ObjectState.Path);
        Assert.Equal(Signal.Waiting, state.Signal);
        Assert.False(state.NeedsReading);
    }

    [Fact]
    public void Of_ClaimWaitingForAPerson_NeedsReading() =>
        Assert.True(ObjectState.Of(Route("{}", Condition("Verified", "Unknown")), ObjectState.HostnamePath).NeedsReading);

    [Theory]
    [InlineData("True", Signal.Partial)]
    [InlineData("False", Signal.Good)]
    public void Of_PartiallyInvalid_IsBadNewsWhenTrue(string status, Signal signal) =>
        Assert.Equal(signal, ConditionView.Of(Condition("PartiallyInvalid", status)).Signal);

    [Theory]
    [InlineData("True", Signal.Good)]
    [InlineData("False", Signal.Partial)]
    [InlineData("Unknown", Signal.Waiting)]
    public void Of_CertificateReady_IsNoFaultWhenFalse(string status, Signal signal) =>
        Assert.Equal(signal, ConditionView.Of(Condition("CertificateReady", status)).Signal);
}
