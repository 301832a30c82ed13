using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;
using Xunit;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>An object that makes the compiler fail harms itself alone.</summary>
public sealed class CompilerFailureTests
{
    private const string TwoTenants = """
        kind: Namespace
        metadata: {name: red}
        ---
        kind: Backend
        metadata: {name: app, namespace: red}
        spec: {endpoints: [{address: 10.1.0.1, port: 9001}]}
        ---
        kind: Hostname
        metadata: {name: red.com, namespace: red}
        ---
        kind: HTTPRoute
        metadata: {name: web, namespace: red}
        spec: {rules: [{backendRefs: [{name: app, weight: 1}]}]}
        ---
        kind: Namespace
        metadata: {name: blue}
        ---
        kind: Backend
        metadata: {name: app, namespace: blue}
        spec: {endpoints: [{address: 10.1.0.2, port: 9001}]}
        ---
        kind: Hostname
        metadata: {name: blue.com, namespace: blue}
        ---
        kind: HTTPRoute
        metadata: {name: web, namespace: blue}
        spec: {rules: [{backendRefs: [{name: app, weight: 1}]}]}
        """;

    private const string RedChanges = """
        kind: HTTPRoute
        metadata: {name: web, namespace: red, generation: 2}
        spec: {rules: [{matches: [{path: {value: /new}}], backendRefs: [{name: app, weight: 7}]}]}
        """;

    private const string RedHost = "red/Hostname/red.com/http|red.com";
    private const string BlueHost = "blue/Hostname/blue.com/http|blue.com";

    private static readonly ResourceKey RedRoute = new(ResourceKind.HttpRoute, "red", "web");

    private readonly HashSet<ResourceKey> _poison = [];

    [Theory]
    [InlineData(ResourceKind.HttpRoute, "red", "web")]
    [InlineData(ResourceKind.Hostname, "red", "red.com")]
    [InlineData(ResourceKind.Backend, "red", "app")]
    public void Apply_OneObjectPoisoned_CompilesEveryOther(string kind, string tenant, string name)
    {
        _poison.Add(new ResourceKey(kind, tenant, name));
        var compiler = Start();
        Assert.Contains(BlueHost, compiler.Snapshot.Pools["default"].Table.Hosts.Keys);
        Assert.True(Condition(compiler, new ResourceKey(ResourceKind.HttpRoute, "blue", "web"), "Accepted").IsTrue);
        var failed = compiler.Snapshot.Statuses[new ResourceKey(kind, tenant, name)];
        Assert.Equal("CompilerFailure", failed.Conditions.Single(condition => condition.Type == "Compiled").Reason);
        Assert.Equal("False", failed.Conditions.Single(condition => condition.Type == "Accepted").Status);
    }

    [Fact]
    public void Apply_ChangePoisoned_KeepsLastGoodAndSaysSo()
    {
        var compiler = Start();
        var before = compiler.Snapshot.Pools["default"].Table.Hosts[RedHost];
        _poison.Add(RedRoute);
        var delta = compiler.Apply(TestInputs.Changes(RedChanges));
        Assert.Empty(delta.Pools);
        Assert.Same(before, compiler.Snapshot.Pools["default"].Table.Hosts[RedHost]);
        Assert.Equal(1, Condition(compiler, RedRoute, "Accepted").ObservedGeneration);
        Assert.Equal(2, Condition(compiler, RedRoute, "Compiled").ObservedGeneration);
        Assert.Contains("stays in force", Condition(compiler, RedRoute, "Compiled").Message, StringComparison.Ordinal);
        Assert.Equal(RedRoute, Assert.Single(delta.ChangedStatuses).Key);
    }

    [Fact]
    public void Apply_PoisonGone_RecoversCompletely()
    {
        var compiler = Start();
        _poison.Add(RedRoute);
        compiler.Apply(TestInputs.Changes(RedChanges));
        _poison.Clear();
        compiler.Apply(TestInputs.Changes(RedChanges));
        var match = Assert.Single(compiler.Snapshot.Pools["default"].Table.Hosts[RedHost].Matches);
        Assert.Equal("/new", match.Path);
        Assert.DoesNotContain(compiler.Snapshot.Statuses[RedRoute].Conditions, condition => condition.Type == "Compiled");
    }

    [Fact]
    public void Apply_PoisonedRouteLosesItsListener_ServesNothingThere()
    {
        var compiler = Start();
        _poison.Add(RedRoute);
        compiler.Apply([new ResourceRemoval(new ResourceKey(ResourceKind.Hostname, "red", "red.com"))]);
        Assert.DoesNotContain(RedHost, compiler.Snapshot.Pools["default"].Table.Hosts.Keys);
        Assert.Contains(BlueHost, compiler.Snapshot.Pools["default"].Table.Hosts.Keys);
    }

    [Fact]
    public void Apply_PoisonedObjectRemoved_LeavesNothing()
    {
        var compiler = Start();
        _poison.Add(RedRoute);
        compiler.Apply(TestInputs.Changes(RedChanges));
        var delta = compiler.Apply([new ResourceRemoval(RedRoute)]);
        Assert.DoesNotContain(RedHost, compiler.Snapshot.Pools["default"].Table.Hosts.Keys);
        Assert.Contains(RedRoute, delta.RemovedStatuses);
    }

    [Fact]
    public void Apply_OneRulePoisoned_AnswersThatRuleWith500()
    {
        var (inputs, options) = TestInputs.Read(TwoTenants + "\n---\n" + """
            kind: HTTPRoute
            metadata: {name: web, namespace: red}
            spec:
              rules:
                - {name: bad, matches: [{path: {value: /bad}}], backendRefs: [{name: app}]}
                - {backendRefs: [{name: app}]}
            """);
        var snapshot = Compiler.Compile(inputs, options with { BeforeRule = rule => Throw(rule.RuleName == "bad") });
        var host = snapshot.Pools["default"].Table.Hosts[RedHost];
        Assert.Equal([500, null], host.Matches.Select(match => host.Rules[match.Rule].FixedStatus));
        var condition = snapshot.Statuses[RedRoute].Conditions.Single(condition => condition.Type == "PartiallyInvalid");
        Assert.StartsWith("Dropped Rule", condition.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret detail", condition.Message, StringComparison.Ordinal);
    }

    private IncrementalCompiler Start()
    {
        var (inputs, options) = TestInputs.Read(TwoTenants);
        var compiler = new IncrementalCompiler(options with { BeforeObject = key => Throw(_poison.Contains(key)) });
        compiler.Apply([.. inputs]);
        return compiler;
    }

    private static void Throw(bool poisoned)
    {
        if (poisoned)
            throw new InvalidOperationException("secret detail");
    }

    private static Condition Condition(IncrementalCompiler compiler, ResourceKey key, string type) =>
        compiler.Snapshot.Statuses[key].Conditions.Single(condition => condition.Type == type);
}
