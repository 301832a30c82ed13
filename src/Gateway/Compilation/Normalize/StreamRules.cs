using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>
/// Compiles the rule of a TLSRoute, TCPRoute or UDPRoute (https://gateway-api.sigs.k8s.io/reference/spec/#tcprouterule): weighted backends
/// and nothing else. Where an HTTP rule answers 500, "the underlying implementation MUST actively reject connection attempts".
/// </summary>
internal static class StreamRules
{
    public static CompiledRules Compile(ResourceKey route, IReadOnlyList<StreamRouteRule> rules, Reads reads) =>
        RouteRules.Of(route.Kind, [.. rules.Select((rule, index) => RuleCompiler.Compile(route, AsHttp(rule), index, static _ => [], reads))]);

    private static HttpRouteRule AsHttp(StreamRouteRule rule) => new() { Name = rule.Name, BackendRefs = [.. rule.BackendRefs.Select(static backend => HttpBackends.Of(backend))] };
}
