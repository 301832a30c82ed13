using Gatehouse.Portal.Live;
using Gatehouse.Portal.Tests.Components;
using Xunit;

namespace Gatehouse.Portal.Tests.Views;

public sealed class RelativeTimeTests
{
    [Theory]
    [InlineData(-5, "in a moment")]
    [InlineData(-1, "just now")]
    [InlineData(-59, "in 59 s")]
    [InlineData(-3_600, "in 1 h")]
    [InlineData(-172_800, "in 2 d")]
    [InlineData(-5_184_000, "13 May 2026")]
    [InlineData(0, "just now")]
    [InlineData(59, "59 s ago")]
    [InlineData(60, "1 min ago")]
    [InlineData(7_199, "1 h ago")]
    [InlineData(172_800, "2 d ago")]
    [InlineData(5_184_000, "13 Jan 2026")]
    public void Describe_Age_IsAsPeopleSayIt(int seconds, string words) => Assert.Equal(words, RelativeTime.Describe(Rendering.Now.AddSeconds(-seconds), Rendering.Now));
}
