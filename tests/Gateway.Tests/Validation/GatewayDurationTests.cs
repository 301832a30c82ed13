using Gatehouse.Gateway.Resources;
using Xunit;

namespace Gatehouse.Gateway.Tests.Validation;

public sealed class GatewayDurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1m1m1m1m", 240_000)]
    [InlineData("99999h99999h99999h99999h", 4L * 99999 * 3_600_000)]
    [InlineData("1m5ms", 60_005)]
    public void TryParse_ComponentsOfTheGep_AddsThemUp(string text, long milliseconds)
    {
        Assert.True(GatewayDuration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("1.5s")]
    [InlineData("-1s")]
    [InlineData("100000s")]
    [InlineData("1s1s1s1s1s")]
    [InlineData("1d")]
    [InlineData("1s ")]
    [InlineData("s")]
    [InlineData("1")]
    [InlineData("1us")]
    [InlineData("1s\n")]
    [InlineData("١s")]
    public void TryParse_AnythingElse_Refuses(string? text) => Assert.False(GatewayDuration.TryParse(text, out _));
}
