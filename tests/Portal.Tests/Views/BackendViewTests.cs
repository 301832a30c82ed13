using Gatehouse.Contracts.Api;
using Gatehouse.Portal.Backends;
using Gatehouse.Portal.Conditions;
using Gatehouse.Portal.Tests.Components;
using Xunit;

namespace Gatehouse.Portal.Tests.Views;

public sealed class BackendViewTests
{
    private const string Two = """{"endpoints":[{"address":"10.0.0.1","port":80},{"address":"2001:db8::1","port":80}]}""";

    [Theory]
    [InlineData("healthy", "healthy", Signal.Good, "2 of 2 healthy")]
    [InlineData("healthy", "unhealthy", Signal.Partial, "1 of 2 healthy")]
    [InlineData("unhealthy", "unhealthy", Signal.Bad, "All 2 down")]
    [InlineData("unknown", "unknown", Signal.Waiting, "Not checked")]
    public void Of_EndpointsHealth_IsDrawnTogether(string first, string second, Signal signal, string word)
    {
        var view = BackendView.Of(Resources.Backend(Two, new EndpointStatus("10.0.0.1:80", first), new EndpointStatus("[2001:db8::1]:80", second, "refused")));
        Assert.Equal((signal, word), (view.Signal, view.Word));
    }

    [Fact]
    public void Of_EndpointDown_KeepsTheReason()
    {
        var view = BackendView.Of(Resources.Backend(Two, new EndpointStatus("[2001:db8::1]:80", "unhealthy", "refused")));
        Assert.Equal(("[2001:db8::1]:80", "refused"), (view.Endpoints[1].Address, view.Endpoints[1].Message));
        Assert.Equal(Signal.Waiting, view.Endpoints[0].Signal);
    }
}
