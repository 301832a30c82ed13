using Gatehouse.Control.Status.Clusters;
using Xunit;

namespace Gatehouse.Api.Tests.Control.Clusters;

public sealed class ReasonExplanationsTests
{
    // Subject, condition type, reasons: https://gateway-api.sigs.k8s.io/reference/spec/, version 1.6.
    private const string Reasons = """
        GatewayClass Accepted Accepted InvalidParameters Unsupported UnsupportedVersion Pending
        GatewayClass SupportedVersion SupportedVersion UnsupportedVersion
        Gateway Accepted Accepted ListenersNotValid Invalid InvalidParameters UnsupportedAddress Pending
        Gateway Programmed Programmed Pending Invalid NoResources AddressNotAssigned AddressNotUsable
        Gateway ResolvedRefs ResolvedRefs RefNotPermitted InvalidClientCertificateRef ListenersNotResolved
        Listener Accepted Accepted PortUnavailable UnsupportedProtocol UnsupportedValue NoValidCACertificate TooManyListeners Invalid Pending
        Listener Programmed Programmed Invalid Pending
        Listener ResolvedRefs ResolvedRefs InvalidCertificateRef InvalidRouteKinds RefNotPermitted InvalidCACertificateRef InvalidCACertificateKind
        Listener Conflicted NoConflicts HostnameConflict ProtocolConflict ListenerConflict
        Listener OverlappingTLSConfig OverlappingHostnames OverlappingCertificates
        ListenerSet Accepted Accepted NotAllowed ParentNotAccepted ListenersNotValid Invalid Pending
        ListenerSet Programmed Programmed ParentNotProgrammed Invalid Pending
        Route Accepted Accepted NotAllowedByListeners NoMatchingListenerHostname NoMatchingParent UnsupportedValue IncompatibleFilters Pending
        Route ResolvedRefs ResolvedRefs RefNotPermitted InvalidKind BackendNotFound UnsupportedProtocol
        Route PartiallyInvalid UnsupportedValue
        Policy Accepted Accepted Conflicted Invalid TargetNotFound NoValidCACertificate
        Policy ResolvedRefs ResolvedRefs InvalidCACertificateRef InvalidKind
        """;

    public static TheoryData<string, string, string> Defined
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var words in Reasons.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                foreach (var reason in words[2..])
                    data.Add(words[0], words[1], reason);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Defined))]
    public void Reason_OfGatewayApi_HasAMeaningAndANextStep(string subject, string type, string reason)
    {
        var explanation = ReasonExplanations.Find(Enum.Parse<Subject>(subject), type, reason);

        Assert.NotNull(explanation);
        Assert.EndsWith(".", explanation.Meaning, StringComparison.Ordinal);
        var isGood = reason == type || reason == "NoConflicts";
        Assert.Equal(isGood, explanation.NextStep.Length == 0);
        Assert.True(isGood || explanation.NextStep.EndsWith('.'));
    }

    [Fact]
    public void Explanation_InTheWholeTable_IsSaidOnceForEachMeaning()
    {
        var bad = Defined.Select(row => ReasonExplanations.Find(Enum.Parse<Subject>((string)row[0]), (string)row[1], (string)row[2])!.ToString()).ToList();

        Assert.Equal(bad.Count, bad.Distinct().Count());
    }

    [Fact]
    public void PartiallyInvalid_ItsTwoForms_AreToldApart()
    {
        var dropped = ReasonExplanations.Find(Subject.Route, "PartiallyInvalid", "UnsupportedValue", "Dropped Rule 2: bad regex");
        var fellBack = ReasonExplanations.Find(Subject.Route, "PartiallyInvalid", "UnsupportedValue", "Fall Back to the last good one");

        Assert.Contains("left out the rules", dropped!.Meaning, StringComparison.Ordinal);
        Assert.Contains("goes on with the last one", fellBack!.Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void Reason_ThatGatewayApiDoesNotDefine_HasNoExplanation() =>
        Assert.Null(ReasonExplanations.Find(Subject.Route, "Accepted", "TeapotShort"));
}
