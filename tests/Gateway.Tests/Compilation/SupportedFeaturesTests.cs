using System.Collections.Frozen;
using Gatehouse.Gateway.Compilation;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;
using Xunit;

namespace Gatehouse.Gateway.Tests.Compilation;

/// <summary>What a GatewayClass says of the features of its target.</summary>
public sealed class SupportedFeaturesTests
{
    [Fact]
    public void Class_Accepted_NamesFeaturesInOrdinalOrder()
    {
        var features = Class("{controllerName: gatehouse.dev/gateway-controller}", TargetCapabilities.DataPlane).SupportedFeatures!;
        Assert.Equal(features.Order(StringComparer.Ordinal).Distinct(), features);
        Assert.Superset(new HashSet<string> { "Gateway", "GRPCRoute", "HTTPRoute", "HTTPRouteCORS", "HTTPRouteRetry", "ListenerSet", "TCPRoute", "TLSRoute", "TLSRouteModeTerminate", "UDPRoute" }, features.ToHashSet());
    }

    [Fact]
    public void Class_LesserTarget_LeavesOutWhatItLacks()
    {
        var capabilities = TargetCapabilities.DataPlane with { Protocols = FrozenSet.Create("HTTP"), HttpFilters = FrozenSet<string>.Empty, Retry = false };
        var features = Class("{controllerName: gatehouse.dev/gateway-controller}", capabilities).SupportedFeatures!;
        Assert.DoesNotContain(features, name => name.StartsWith("TLS", StringComparison.Ordinal) || name is "TCPRoute" or "UDPRoute" or "HTTPRouteCORS" or "HTTPRouteRetry");
        Assert.Contains("HTTPRoute", features);
    }

    [Fact]
    public void Class_NotAccepted_NamesNone() =>
        Assert.Null(Class("{controllerName: gatehouse.dev/gateway-controller, parametersRef: {group: example.com, kind: X, name: y}}", TargetCapabilities.DataPlane).SupportedFeatures);

    private static ResourceStatus Class(string spec, TargetCapabilities capabilities)
    {
        var inputs = TestInputs.Changes($$"""
            kind: GatewayClass
            metadata: {name: gatehouse}
            spec: {{spec}}
            """);
        return Compiler.Compile(inputs, new CompilerOptions { Capabilities = capabilities }).Statuses[new ResourceKey(ResourceKind.GatewayClass, "platform", "gatehouse")];
    }
}
