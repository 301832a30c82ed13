using System.Collections.Frozen;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;
using Xunit;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>Ports that several protocols ask for, with a data plane that serves them all.</summary>
public sealed class ProtocolConflictTests
{
    private static readonly CompilerOptions AllProtocols = new()
    {
        Capabilities = TargetCapabilities.DataPlane with { Protocols = FrozenSet.Create("HTTP", "HTTPS", "TLS", "TCP", "UDP") },
    };

    [Fact]
    public void Listeners_TwoProtocolsOfOneGateway_NoneWins()
    {
        var listeners = Listeners(Gateway("one", "{name: a, port: 80, protocol: HTTP}", "{name: b, port: 80, protocol: HTTPS, hostname: x.com}", "{name: c, port: 81, protocol: TCP}"), "one");
        Assert.Equal(["ProtocolConflict", "ProtocolConflict", "NoConflicts"], listeners.Select(Conflicted));
    }

    [Fact]
    public void Listeners_HttpsAndTlsOfOneName_NoneWins()
    {
        var listeners = Listeners(Gateway("one", "{name: a, port: 443, protocol: HTTPS, hostname: x.com}", "{name: b, port: 443, protocol: TLS, hostname: x.com}", "{name: c, port: 443, protocol: TLS, hostname: y.com}"), "one");
        Assert.Equal(["ProtocolConflict", "ProtocolConflict", "NoConflicts"], listeners.Select(Conflicted));
    }

    [Fact]
    public void Listeners_UdpBesideTcp_Coexist()
    {
        var listeners = Listeners(Gateway("one", "{name: a, port: 53, protocol: TCP}", "{name: b, port: 53, protocol: UDP}"), "one");
        Assert.Equal(["NoConflicts", "NoConflicts"], listeners.Select(Conflicted));
    }

    [Fact]
    public void Listeners_TwoGatewaysTwoProtocols_OlderWinsAndYoungerTakesOverWhenItGoes()
    {
        var (inputs, _) = TestInputs.Read(Gateway("older", "{name: a, port: 80, protocol: HTTPS, hostname: a.com}") + "\n---\n" + Gateway("younger", "{name: a, port: 80, protocol: HTTP}").Replace("kind: Bare\n---\n", "", StringComparison.Ordinal));
        var compiler = new IncrementalCompiler(AllProtocols);
        compiler.Apply([.. inputs]);
        Assert.Equal("NoConflicts", Conflicted(Status(compiler.Snapshot, "older")[0]));
        Assert.Equal("ProtocolConflict", Conflicted(Status(compiler.Snapshot, "younger")[0]));
        compiler.Apply([new ResourceRemoval(new ResourceKey(ResourceKind.Gateway, "platform", "older"))]);
        Assert.Equal("NoConflicts", Conflicted(Status(compiler.Snapshot, "younger")[0]));
        Assert.Equal(["platform/Gateway/younger/a"], compiler.Snapshot.Pools["default"].Table.Listeners.Keys);
    }

    private static string Gateway(string name, params string[] listeners) => $$"""
        kind: Bare
        ---
        kind: GatewayClass
        metadata: {name: gatehouse}
        spec: {controllerName: gatehouse.dev/gateway-controller}
        ---
        kind: Gateway
        metadata: {name: {{name}}, namespace: platform}
        spec: {gatewayClassName: gatehouse, listeners: [{{string.Join(", ", listeners)}}]}
        """;

    private static IReadOnlyList<ListenerStatus> Listeners(string yaml, string gateway) =>
        Status(Compiler.Compile(TestInputs.Read(yaml).Inputs, AllProtocols), gateway);

    private static IReadOnlyList<ListenerStatus> Status(Snapshot snapshot, string gateway) =>
        snapshot.Statuses[new ResourceKey(ResourceKind.Gateway, "platform", gateway)].Listeners!;

    private static string Conflicted(ListenerStatus listener) => listener.Conditions.Single(condition => condition.Type == "Conflicted").Reason;
}
