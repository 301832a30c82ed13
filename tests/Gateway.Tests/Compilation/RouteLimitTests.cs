using System.Globalization;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;
using Gatehouse.Gateway.Validation;
using Xunit;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>Routes as large as upstream lets them be (https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec).</summary>
public sealed class RouteLimitTests
{
    private const int Routes = 16;
    private const int Rules = 16;
    private const int MatchesPerRule = 8;
    private const int Matches = Rules * MatchesPerRule;

    [Fact]
    public void Compile_RoutesAtAllLimits_ServesEveryMatchInOrder()
    {
        var snapshot = Compile(i => Route(i, distinct: true));
        var hosts = snapshot.Pools["default"].Table.Hosts;
        Assert.Equal(16, hosts.Count);
        foreach (var host in hosts.Values)
        {
            Assert.Equal(Routes * Matches, host.Matches.Count);
            Assert.Equal(Routes * Rules, host.Rules.Count);
            var ordered = host.Matches.ToList();
            ordered.Sort(MatchPrecedence.Within(ResourceKind.HttpRoute));
            Assert.Equal(ordered, host.Matches);
        }
        Assert.All(RoutesOf(snapshot), route => Assert.Equal(["Accepted=True", "ResolvedRefs=True"], Said(route)));
    }

    [Fact]
    public void Compile_SixteenTimesTheSameRoute_NamesEveryMatchThatNeverWins()
    {
        var snapshot = Compile(i => Route(i, distinct: false));
        var routes = RoutesOf(snapshot).ToArray();
        Assert.Equal(Routes, routes.Length);
        Assert.Equal(["Accepted=True", "ResolvedRefs=True"], Said(routes[0]));
        Assert.All(routes.Skip(1), route => Assert.Equal(["Accepted=True", "ResolvedRefs=True", "Shadowed=True"], Said(route)));
        var message = routes[^1].Conditions.Single(condition => condition.Type == "Shadowed").Message;
        Assert.Contains("HTTPRoute `r00` rule 0 match 0 asks for the same", message, StringComparison.Ordinal);
        Assert.EndsWith($"and {Matches - 8} more.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_RouteAtAllLimits_IsTakenAndOneMatchMoreIsNot()
    {
        var route = Route(0, distinct: true);
        Assert.Empty(SpecValidator.Validate(ResourceKind.HttpRoute, SpecJson.Write(route)).Errors);
        var rules = route.Rules!.ToArray();
        rules[0] = rules[0] with { Matches = [.. rules[0].Matches!, new HttpRouteMatch { Method = "PATCH" }] };
        Assert.NotEmpty(SpecValidator.Validate(ResourceKind.HttpRoute, SpecJson.Write(route with { Rules = rules })).Errors);
    }

    private static Snapshot Compile(Func<int, HttpRouteSpec> route)
    {
        var (inputs, _) = TestInputs.Read("kind: Backend\nmetadata: {name: v1}\nspec: {endpoints: [{address: 10.0.0.1, port: 80}]}");
        return Compiler.Compile(
            [.. inputs, .. Enumerable.Range(0, Routes).Select(i => new ResourceUpsert(new Resource<HttpRouteSpec>
            {
                Key = new ResourceKey(ResourceKind.HttpRoute, "platform", string.Create(CultureInfo.InvariantCulture, $"r{i:00}")),
                CreatedAt = DateTimeOffset.UnixEpoch.AddDays(i),
                Spec = route(i),
            }))],
            new CompilerOptions { HostnameVerification = false });
    }

    private static HttpRouteSpec Route(int route, bool distinct) => new()
    {
        ParentRefs = [new ParentReference { Name = "default" }],
        Hostnames = [.. Enumerable.Range(0, 16).Select(i => $"h{i}.example.com")],
        Rules = [.. Enumerable.Range(0, Rules).Select(rule => new HttpRouteRule
        {
            Name = $"rule-{rule}",
            Matches = [.. Enumerable.Range(0, MatchesPerRule).Select(match => Match(distinct ? route : 0, rule, match))],
            BackendRefs = [.. Enumerable.Range(0, 16).Select(i => new HttpBackendRef { Name = "v1", Weight = 1_000_000 - i })],
        })],
    };

    private static HttpRouteMatch Match(int route, int rule, int match) => new()
    {
        Path = new HttpPathMatch { Type = match % 2 == 0 ? "Exact" : "PathPrefix", Value = $"/{route}/{rule}/{match}/{new string('p', 1_000)}" },
        Method = match % 3 == 0 ? "GET" : null,
        Headers = [.. Enumerable.Range(0, 16).Select(i => new HttpHeaderMatch { Name = $"X-{i}", Value = $"{rule}" })],
        QueryParams = [.. Enumerable.Range(0, 16).Select(i => new HttpQueryParamMatch { Name = $"q{i}", Value = $"{match}" })],
    };

    private static IEnumerable<ResourceStatus> RoutesOf(Snapshot snapshot) =>
        snapshot.Statuses.Values.Where(status => status.Key.Kind == ResourceKind.HttpRoute).OrderBy(status => status.Key);

    private static IEnumerable<string> Said(ResourceStatus status) => status.Conditions.Select(condition => $"{condition.Type}={condition.Status}");
}
