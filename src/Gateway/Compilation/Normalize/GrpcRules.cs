using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>
/// Compiles the rules of a GRPCRoute (https://gateway-api.sigs.k8s.io/reference/spec/#grpcrouterule): but for their matches they are
/// HTTPRoute rules with fewer fields.
/// </summary>
internal static class GrpcRules
{
    private static readonly IReadOnlyList<GrpcRouteRule> DefaultRules = [new GrpcRouteRule()];

    public static CompiledRules Compile(Resource<GrpcRouteSpec> route, Reads reads)
    {
        var rules = route.Spec.Rules is { Count: > 0 } written ? written : DefaultRules;
        var regexes = new RegexBudget();
        return RouteRules.Of(route.Key.Kind, [.. rules.Select((rule, index) =>
            RuleCompiler.Compile(route.Key, AsHttp(rule), index, problems => GrpcMatchNormalizer.Normalize(rule, index, regexes, problems), reads))]);
    }

    private static HttpRouteRule AsHttp(GrpcRouteRule rule) => new()
    {
        Name = rule.Name,
        Filters = AsHttp(rule.Filters),
        BackendRefs = rule.BackendRefs is null ? null : [.. rule.BackendRefs.Select(backend => HttpBackends.Of(backend, AsHttp(backend.Filters)))],
        SessionPersistence = rule.SessionPersistence,
    };

    // A type that GRPCRoute does not know has no settings here, so it fails closed like any filter without.
    private static HttpRouteFilter[]? AsHttp(IReadOnlyList<GrpcRouteFilter>? filters) => filters is null
        ? null
        : [.. filters.Select(filter => new HttpRouteFilter
        {
            Type = filter.Type,
            RequestHeaderModifier = filter.RequestHeaderModifier,
            ResponseHeaderModifier = filter.ResponseHeaderModifier,
            RequestMirror = filter.RequestMirror,
            ExtensionRef = filter.ExtensionRef,
        })];
}
