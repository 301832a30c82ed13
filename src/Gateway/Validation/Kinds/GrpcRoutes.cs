using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>GRPCRoute (https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutespec).</summary>
internal static class GrpcRoutes
{
    public static GrpcRouteSpec Read(ObjectReader spec)
    {
        var route = new GrpcRouteSpec
        {
            ParentRefs = ParentRefs.Read(spec),
            UseDefaultGateways = ParentRefs.ReadUseDefaultGateways(spec),
            Hostnames = spec.Texts("hostnames", Count.AtMost(16), Formats.Hostname),
            Rules = spec.List("rules", Count.AtMost(16), ReadRule),
        };
        RouteRules.RequireUniqueNames(spec, route.Rules, rule => rule.Name);
        // Unlike HTTPRoute's, this list has no default: an absent one counts nothing.
        RouteRules.RequireFewMatches(spec, route.Rules?.Sum(rule => rule.Matches?.Count ?? 0) ?? 0);
        return route;
    }

    private static GrpcRouteRule ReadRule(ObjectReader reader) => new()
    {
        Name = reader.Text("name", Formats.SectionName),
        Matches = reader.List("matches", Count.AtMost(64), GrpcMatches.Read),
        Filters = GrpcFilters.ReadList(reader),
        BackendRefs = reader.List("backendRefs", Count.AtMost(16), ReadBackendRef),
        SessionPersistence = reader.Object("sessionPersistence", SessionPersistenceRules.Read),
    };

    /// <summary>https://gateway-api.sigs.k8s.io/reference/spec/#grpcbackendref</summary>
    private static GrpcBackendRef ReadBackendRef(ObjectReader reader)
    {
        var reference = new GrpcBackendRef
        {
            Group = reader.Text("group", Formats.Group),
            Kind = reader.Text("kind", Formats.Kind),
            Name = reader.RequiredText("name", Formats.ObjectName),
            Namespace = reader.Text("namespace", Formats.Namespace),
            Port = reader.Integer("port", References.MinPort, References.MaxPort),
            Weight = References.Weight(reader),
            Filters = GrpcFilters.ReadList(reader),
        };
        References.RequirePort(reader, reference);
        return reference;
    }
}
