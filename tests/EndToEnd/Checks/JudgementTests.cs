using Gatehouse.Standalone.Checks;
using Xunit;

namespace Gatehouse.EndToEnd.Checks;

/// <summary>Which conditions fail a check.</summary>
public sealed class JudgementTests
{
    [Theory]
    [InlineData("Accepted", "True", "Accepted", "None")]
    [InlineData("Accepted", "False", "NotAllowedByListeners", "Bad")]
    [InlineData("ResolvedRefs", "False", "BackendNotFound", "Bad")]
    [InlineData("Programmed", "Unknown", "Pending", "Bad")]
    [InlineData("Live", "False", "ProbeFailed", "Bad")]
    [InlineData("Projected", "False", "NotExpressible", "Bad")]
    [InlineData("Healthy", "False", "AllUnhealthy", "Bad")]
    [InlineData("Healthy", "Unknown", "NotProbed", "None")]
    [InlineData("Issued", "False", "Expired", "Bad")]
    [InlineData("Verified", "False", "Pending", "Bad")]
    [InlineData("Reachable", "Unknown", "NoWorker", "Bad")]
    [InlineData("GatewayApi", "False", "NotInstalled", "Bad")]
    [InlineData("Synced", "False", "Behind", "Bad")]
    [InlineData("Held", "True", "DeletionsHeld", "Bad")]
    [InlineData("Held", "False", "NothingHeld", "None")]
    [InlineData("Held", "Unknown", "NoWorker", "None")]
    [InlineData("Shadowed", "True", "Shadowed", "Warning")]
    [InlineData("DualRunning", "True", "AlsoServed", "Warning")]
    [InlineData("ExpiresSoon", "True", "Uploaded", "Warning")]
    [InlineData("PartiallyInvalid", "True", "UnsupportedValue", "Warning")]
    [InlineData("CertificateReady", "False", "NoCertificate", "None")]
    [InlineData("CertificateReady", "False", "Expired", "Warning")]
    [InlineData("OfTheFuture", "False", "Whatever", "None")]
    public void Condition_AsItStands_MattersThatMuch(string type, string status, string reason, string severity) =>
        Assert.Equal(severity, Judgement.Of(new CheckedCondition(type, status, reason, "")).ToString());

    [Fact]
    public void Report_OfWhatOthersWrote_IsALineEachAndSteersNoTerminal()
    {
        var route = new CheckedObject("HTTPRoute", "shop", "web", [], [new CheckedCondition("Accepted", "False", "Reason", "one\ntwo \u001b[2J"), new CheckedCondition("Shadowed", "True", "Shadowed", "lost")]);
        using var output = new StringWriter { NewLine = "\n" };

        CheckReport.Write(output, [route], Judgement.Of([route]));

        Assert.Equal("HTTPRoute shop/web: Accepted=False (Reason): one?two ?[2J\nwarning: HTTPRoute shop/web: Shadowed=True (Shadowed): lost\n1 checked, 1 bad, 1 warning(s)\n", output.ToString());
    }
}
