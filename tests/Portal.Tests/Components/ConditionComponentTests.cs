using Gatehouse.Portal.Conditions;
using Xunit;
using static Gatehouse.Portal.Tests.Components.Rendering;
using static Gatehouse.Portal.Tests.Components.Resources;

namespace Gatehouse.Portal.Tests.Components;

public sealed class ConditionComponentTests
{
    [Theory]
    [InlineData("True", "signal-good", "Yes")]
    [InlineData("False", "signal-bad", "No")]
    [InlineData("Unknown", "signal-waiting", "Waiting")]
    public async Task ConditionStrip_AnyStatus_SaysItInShapeAndWord(string status, string shape, string word)
    {
        var html = await RenderAsync<ConditionStrip>(("Resource", Route("{}", Condition("Live", status))), ("Path", new[] { "Live" }));
        Assert.Contains(shape, html, StringComparison.Ordinal);
        Assert.Contains($"<span class=\"strip-word\">{word}</span>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessageText_WithMarkup_ShowsItAsText()
    {
        var html = await RenderAsync<MessageText>(("Text", "tenant `<b>x</b>` & <script>alert(1)</script>"));
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.Contains("<code>&lt;b&gt;x&lt;/b&gt;</code>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessageText_WithOneBacktick_KeepsAllOfTheText()
    {
        var html = await RenderAsync<MessageText>(("Text", "a ` b"));
        Assert.Contains("a ", html, StringComparison.Ordinal);
        Assert.Contains(" b", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConditionTable_FalseCondition_ShowsReasonAndMessage()
    {
        var html = await RenderAsync<ConditionTable>(
            ("Resource", Route("{}", Condition("ResolvedRefs", "False", "no ReferenceGrant in tenant `payments`"))), ("Path", ObjectState.Path));
        Assert.Contains("no ReferenceGrant in tenant <code>payments</code>", html.ReplaceLineEndings(""), StringComparison.Ordinal);
        Assert.Contains("<code>Because</code>", html, StringComparison.Ordinal);
        Assert.Contains("5 min ago", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConditionTable_ConditionOfAnOlderGeneration_IsWaiting()
    {
        var html = await RenderAsync<ConditionTable>(("Resource", Route("{}", Condition("Live", "True", generation: 1))), ("Path", new[] { "Live" }));
        Assert.Contains("Waiting", html, StringComparison.Ordinal);
        Assert.DoesNotContain("signal-good", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Because_AllIsWell_ShowsNothing()
    {
        var html = await RenderAsync<Because>(("State", ObjectState.Of(Route("{}", AllTrue()), ObjectState.Path)));
        Assert.Equal("", html.Trim());
    }
}
