using System.Text.Json;
using Gatehouse.Contracts.Api;
using Gatehouse.Portal.Routes;
using Xunit;
using static Gatehouse.Portal.Tests.Components.Rendering;

namespace Gatehouse.Portal.Tests.Components;

public sealed class FlowComponentTests
{
    private static readonly EndpointStatus Healthy = new("10.0.0.1:80", "healthy");

    [Fact]
    public async Task FlowPicture_Canary_DrawsTheSplitToScale()
    {
        var html = await DrawAsync("""{"rules":[{"backendRefs":[{"name":"v1","weight":90},{"name":"v2","weight":10}]}]}""", ("v1", true), ("v2", true));
        Assert.Contains("aria-label=\"v1 90 %, v2 10 %\"", html, StringComparison.Ordinal);
        Assert.Contains("x=\"90%\" width=\"10%\"", html, StringComparison.Ordinal);
        Assert.Contains("every hostname of shop", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlowPicture_BackendMissing_SaysWhatItsShareGets()
    {
        var missing = Resources.Condition("ResolvedRefs", "False", "Backend `v2` of tenant `shop` does not exist");
        var html = await DrawAsync("""{"rules":[{"backendRefs":[{"name":"v1"},{"name":"v2"}]}]}""", [missing], ("v1", true), ("v2", false));
        Assert.Contains("Not found: its share gets 500", html, StringComparison.Ordinal);
        Assert.Contains("class=\"share-broken\" x=\"50%\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlowPicture_ForeignBackendWithoutGrant_IsNotPermitted()
    {
        var missing = Resources.Condition("ResolvedRefs", "False", "no ReferenceGrant in tenant `payments` lets it reference Backend `api`");
        var html = await DrawAsync("""{"rules":[{"backendRefs":[{"name":"api","namespace":"payments"}]}]}""", [missing]);
        Assert.Contains("payments/api", html, StringComparison.Ordinal);
        Assert.Contains("Not permitted", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlowPicture_NoBackend_SaysThatRequestsFail() =>
        Assert.Contains("No backend: every request gets 500.", await DrawAsync("{}"), StringComparison.Ordinal);

    [Fact]
    public async Task FlowPicture_Redirect_SaysThatNoBackendIsAsked()
    {
        var html = await DrawAsync("""{"rules":[{"filters":[{"type":"RequestRedirect","requestRedirect":{"scheme":"https","statusCode":301}}]}]}""");
        Assert.Contains("redirect with 301 to https://", html, StringComparison.Ordinal);
        Assert.Contains("no backend is asked", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlowPicture_HostileStrings_StayText()
    {
        var html = await DrawAsync("""{"hostnames":["<i>h</i>"],"rules":[{"name":"<u>r</u>","matches":[{"path":{"value":"/<s>"}}],"backendRefs":[{"name":"<q>b</q>"}]}]}""");
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<u>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<s>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<q>", html, StringComparison.Ordinal);
    }

    private static Task<string> DrawAsync(string spec, params (string Name, bool Exists)[] backends) => DrawAsync(spec, [], backends);

    private static Task<string> DrawAsync(string spec, ObjectCondition[] conditions, params (string Name, bool Exists)[] backends)
    {
        var known = backends.ToDictionary(b => b.Name, b => b.Exists ? Backend() : null);
        return RenderAsync<FlowPicture>(("Details", new RouteDetails(Resources.Route(spec, conditions), known)));
    }

    private static ApiObject<JsonElement> Backend() => Resources.Backend("""{"endpoints":[{"address":"10.0.0.1","port":80}]}""", Healthy);
}
