using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Explanation;
using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Tests.Compilation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Explanation;

public sealed class ExplainerTests
{
    private const string World = """
        kind: Namespace
        metadata: {name: shop}
        ---
        kind: Backend
        metadata: {name: v1, namespace: shop}
        spec: {endpoints: [{address: 10.1.0.1, port: 9001}, {address: 10.1.0.2, port: 9001}]}
        ---
        kind: Hostname
        metadata: {name: shop.com, namespace: shop}
        ---
        kind: Hostname
        metadata: {name: "*.shop.com", namespace: shop}
        ---
        kind: Hostname
        metadata: {name: pending.com, namespace: shop}
        ---
        kind: Claim
        hostname: pending.com
        tenant: shop
        state: Pending
        ---
        kind: Certificate
        metadata: {name: exact, namespace: shop}
        certificate: exact
        ---
        kind: Hostname
        metadata: {name: a.example.com, namespace: shop}
        spec: {httpsRedirect: true}
        ---
        kind: HTTPRoute
        metadata: {name: web, namespace: shop}
        spec:
          hostnames: [shop.com]
          rules:
            - name: api
              matches: [{path: {value: /api}, method: GET, headers: [{name: X-Version, value: "2"}]}]
              filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: b}]}}]
              backendRefs: [{name: v1, weight: 3}, {name: ghost, weight: 1}]
            - matches: [{path: {value: /api}}]
              backendRefs: [{name: v1}]
            - matches: [{path: {value: /old}}]
              filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplaceFullPath, replaceFullPath: /new}}}]
            - matches: [{path: {value: /broken}}]
              backendRefs: [{name: ghost}]
        ---
        kind: HTTPRoute
        metadata: {name: fallback, namespace: platform}
        spec: {parentRefs: [{name: default}]}
        """;

    private static readonly Snapshot Compiled = TestInputs.Compile(World);

    [Fact]
    public void Explain_FittingMatch_NamesListenerRuleFiltersAndOdds()
    {
        var explanation = Explain("GET", "http://shop.com/api/items?x=1", ("x-version", "2"));
        Assert.Equal(RequestOutcome.Forwarded, explanation.Outcome);
        Assert.Null(explanation.Status);
        Assert.Equal("shop/Hostname/shop.com/http", explanation.Listener!.Id);
        Assert.Equal(("web", 0, "api"), (explanation.Match!.Route!.Name, explanation.Match.Route.Rule, explanation.Match.Route.RuleName));
        Assert.IsType<RequestHeadersAction>(Assert.Single(explanation.Actions));
        Assert.Equal([("shop/Backend/v1", 75.0, null, 2), (null, 25.0, 500, 0)], explanation.Backends.Select(backend => (backend.Key, backend.Percent, backend.FailureStatus, backend.Endpoints)));
    }

    [Fact]
    public void Explain_OtherMatchesFit_SaysWhyTheyRankLower()
    {
        var explanation = Explain("GET", "http://shop.com/api", ("x-version", "2"));
        var other = explanation.OtherMatches.Single(match => match.Fits);
        Assert.Equal("the winner asks for a method", other.Reason);
        Assert.Equal("path PathPrefix /api", other.Conditions);
    }

    [Fact]
    public void Explain_MatchMisses_NamesEachMissingPart()
    {
        var explanation = Explain("POST", "http://shop.com/api");
        Assert.Equal(1, explanation.Match!.Route!.Rule);
        var missed = explanation.OtherMatches.Single(match => match.Route!.RuleName == "api");
        Assert.Equal("the request does not fulfil method GET, header x-version = 2", missed.Reason);
    }

    [Fact]
    public void Explain_Redirect_GivesItsStatus()
    {
        var explanation = Explain("GET", "http://shop.com/old/x");
        Assert.Equal((RequestOutcome.Redirected, 302), (explanation.Outcome, explanation.Status));
    }

    [Theory]
    [InlineData("GET", null, RequestOutcome.Redirected, 301, null)]
    [InlineData("HEAD", null, RequestOutcome.Redirected, 301, null)]
    [InlineData("POST", null, RequestOutcome.Redirected, 308, null)]
    [InlineData("POST", "application/grpc", RequestOutcome.HttpsRequired, 200, 7)]
    public void Explain_PlainHttpOfARedirectedHostname_SaysSoBeforeAnyRoute(string method, string? type, RequestOutcome outcome, int status, int? grpc)
    {
        var explanation = Explain(method, "http://a.example.com/x", type is null ? [] : [("content-type", type)]);
        Assert.Equal((outcome, status, grpc), (explanation.Outcome, explanation.Status, explanation.GrpcStatus));
        Assert.Equal("shop/Hostname/a.example.com/http", explanation.Listener!.Id);
        Assert.Contains("httpsRedirect", explanation.Summary, StringComparison.Ordinal);
        Assert.Null(explanation.Match);
    }

    [Fact]
    public void Explain_RuleWithoutUsableBackend_Gives500()
    {
        var explanation = Explain("GET", "http://shop.com/broken");
        Assert.Equal((RequestOutcome.RuleFailed, 500), (explanation.Outcome, explanation.Status));
    }

    [Fact]
    public void Explain_NoMatchUnderTheListener_Gives404AndTheNearMisses()
    {
        var explanation = Explain("GET", "http://shop.com/elsewhere");
        Assert.Equal((RequestOutcome.NoMatch, 404), (explanation.Outcome, explanation.Status));
        Assert.Equal(4, explanation.OtherMatches.Count);
        Assert.Equal("platform/Gateway/default/http", Assert.Single(explanation.OtherListeners).Id);
    }

    [Fact]
    public void Explain_WildcardListenerWithoutRoutes_IsNotPassedOver()
    {
        var explanation = Explain("GET", "http://any.shop.com/");
        Assert.Equal("shop/Hostname/*.shop.com/http", explanation.Listener!.Id);
        Assert.Equal(RequestOutcome.NoMatch, explanation.Outcome);
    }

    [Fact]
    public void Explain_UnverifiedHostname_SaysSoInTheNotes()
    {
        var explanation = Explain("GET", "http://pending.com/", viewer: "shop");
        Assert.Contains(explanation.Notes, note => note.StartsWith("Hostname `pending.com`: Verified=False (Pending)", StringComparison.Ordinal));
        Assert.Null(explanation.Match!.Route);
        Assert.Equal("", explanation.Match.Conditions);
    }

    [Fact]
    public void Explain_AnotherTenantAsks_NamesNothingOfTheRoute()
    {
        var explanation = Explain("GET", "http://shop.com/api", viewer: "rival");
        Assert.Equal((null, null), (explanation.Listener!.Id, explanation.Listener.Gateway));
        Assert.Null(explanation.Match!.Route);
        Assert.Empty(explanation.Backends);
        Assert.All(explanation.OtherMatches, match => Assert.Null(match.Route));
    }

    [Theory]
    [InlineData("http://shop.com:8080/", RequestOutcome.NoListener, 404)]
    [InlineData("http://shop.com/a/../b", RequestOutcome.Malformed, 400)]
    [InlineData("http://SHOP.COM/api", RequestOutcome.Forwarded, null)]
    public void Explain_EdgeOfTheRequest_IsJudgedAsTheDataPlaneDoes(string url, RequestOutcome outcome, int? status)
    {
        var explanation = Explain("GET", url);
        Assert.Equal((outcome, status), (explanation.Outcome, explanation.Status));
    }

    [Fact]
    public void Explain_AnotherTenantsMatchesMiss_AreNotCounted()
    {
        Assert.Empty(Explain("GET", "http://shop.com/api", viewer: "rival").OtherMatches);
        Assert.Equal(3, Explain("GET", "http://shop.com/api").OtherMatches.Count);
    }

    [Fact]
    public void Explain_GrpcRequestWithoutMatch_GivesTheStatusThatItsClientReads()
    {
        var explanation = Explain("POST", "http://shop.com/none.Service/Call", ("content-type", "application/grpc+proto"));
        Assert.Equal((RequestOutcome.NoMatch, 200, 12), (explanation.Outcome, explanation.Status, explanation.GrpcStatus));
    }

    [Fact]
    public void Explain_TlsToAPlainListener_SaysWhatThePortTakes()
    {
        var explanation = Explain("GET", "https://shop.com:80/");
        Assert.Equal(RequestOutcome.Rejected, explanation.Outcome);
    }

    // "Precedence MUST be given to rules from the HTTPRoute with the largest number of characters in a matching hostname", before any match is compared.
    [Fact]
    public void Explain_RouteOfAMoreSpecificHostname_WinsOverALongerPath()
    {
        var compiled = TestInputs.Compile("""
            kind: Gateway
            metadata: {name: own, namespace: platform}
            spec:
              gatewayClassName: gatehouse
              listeners: [{name: wild, hostname: "*.example.com", port: 81, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]
            ---
            kind: Backend
            metadata: {name: v1, namespace: platform}
            spec: {endpoints: [{address: 10.1.0.1, port: 9001}]}
            ---
            kind: HTTPRoute
            metadata: {name: any, namespace: platform}
            spec: {parentRefs: [{name: own}], rules: [{matches: [{path: {type: Exact, value: /long}}], backendRefs: [{name: v1}]}]}
            ---
            kind: HTTPRoute
            metadata: {name: wider, namespace: platform}
            spec: {parentRefs: [{name: own}], hostnames: ["*.com"], rules: [{matches: [{path: {value: /long}}], backendRefs: [{name: v1}]}]}
            ---
            kind: HTTPRoute
            metadata: {name: wild, namespace: platform}
            spec: {parentRefs: [{name: own}], hostnames: ["*.example.com"], rules: [{backendRefs: [{name: v1}]}]}
            """);
        Assert.True(ExplainRequest.TryCreate("GET", "http://a.example.com:81/long", [], out var request));

        var explanation = Explainer.Explain(compiled, "default", request);

        Assert.Equal("wild", explanation.Match!.Route!.Name);
        Assert.Equal(["wider", "any"], explanation.OtherMatches.Select(match => match.Route!.Name));
        Assert.All(explanation.OtherMatches, match => Assert.Equal("the winner's route names the host more specifically", match.Reason));
    }

    [Fact]
    public void Explain_RandomWorldsAndRequests_AgreesWithTheFullIndex()
    {
        string[] hosts = ["x.test.dev", "y.x.test.dev", "q.test.dev", "z.dev", "nothing.org"];
        string[] paths = ["/", "/a", "/a/b", "/b"];
        var compared = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var world = new RandomWorld(5_000 + seed);
            for (var step = 0; step < 150; step++)
                world.Next();
            var snapshot = Compiler.Compile(world.Present, new CompilerOptions { HostnameVerification = false });
            foreach (var (pool, table) in snapshot.Pools)
            {
                var index = MatchResolver.Index(table.Table);
                foreach (var socket in index.Sockets)
                {
                    foreach (var request in hosts.SelectMany(host => paths.Select(path => Request(socket, host, path))))
                        compared += Compare(index, snapshot, pool, socket, request) ? 1 : 0;
                }
            }
        }
        Assert.True(compared > 100, $"only {compared} requests met a route");
    }

    private static ExplainRequest Request(SocketKey socket, string host, string path) =>
        new() { Host = host, Path = path, Address = socket.Address, Port = socket.Port, Headers = new Dictionary<string, string> { ["v"] = "1" } };

    private static bool Compare(ListenerIndex<HostMatcher> index, Snapshot snapshot, string pool, SocketKey socket, ExplainRequest request)
    {
        if (index.TryFind(socket, request.Host, out var listener) && listener.Entry.Protocol is not ("HTTP" or "HTTPS"))
            return false;
        var explanation = Explainer.Explain(snapshot, pool, request with { Scheme = listener?.Entry.Protocol.ToLowerInvariant() ?? "http" });
        var expected = listener is not null
            && MatchResolver.TryMatch(listener, request.Host, new MatchableRequest(request, request.Path), out var matcher, out var match)
                ? matcher.Entry.Rules[matcher.Entry.Matches[match].Rule].Source
                : null;
        Assert.Equal(listener?.Entry.Id, explanation.Listener?.Id);
        if (listener?.Entry.HttpsRedirect is { } redirect && snapshot.Pools[pool].Table.Listeners.ContainsKey(redirect.Listener))
        {
            Assert.Equal((RequestOutcome.Redirected, null), (explanation.Outcome, explanation.Match));
            return false;
        }
        Assert.Equal(expected, explanation.Match?.Route);
        return expected is not null;
    }

    private static RequestExplanation Explain(string method, string url, params (string Name, string Value)[] headers) => Explain(method, url, null, headers);

    private static RequestExplanation Explain(string method, string url, string? viewer, params (string Name, string Value)[] headers)
    {
        Assert.True(ExplainRequest.TryCreate(method, url, headers.Select(header => KeyValuePair.Create(header.Name, header.Value)), out var request));
        return Explainer.Explain(Compiled, "default", request with { Viewer = viewer });
    }
}
