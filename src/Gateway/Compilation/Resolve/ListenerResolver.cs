using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves one listener (https://gateway-api.sigs.k8s.io/reference/spec/#listener).</summary>
internal static class ListenerResolver
{
    private static readonly RouteGroupKind HttpRoute = new() { Group = ResourceKind.GatewayApiGroup, Kind = ResourceKind.HttpRoute };

    private static readonly RouteGroupKind GrpcRoute = new() { Group = ResourceKind.GatewayApiGroup, Kind = ResourceKind.GrpcRoute };

    private static readonly IReadOnlyList<RouteGroupKind> HttpKinds = [HttpRoute, GrpcRoute];

    public static ListenerModel Resolve(Resource source, int index, Listener listener, string id, GatewayModel gateway, Reads reads)
    {
        var (kinds, resolvedRefs) = KindsOf(listener);
        return new ListenerModel
        {
            Id = id,
            Source = source.Key,
            SourceCreatedAt = source.CreatedAt,
            Index = index,
            Gateway = gateway,
            Spec = listener,
            SupportedKinds = kinds,
            Accepted = AcceptedOf(source, listener, gateway, reads),
            ResolvedRefs = resolvedRefs,
        };
    }

    /// <summary>Id of a listener that is written out.</summary>
    public static string IdOf(ResourceKey source, string listener) => $"{source.Tenant}/{source.Kind}/{source.Name}/{listener}";

    private static Verdict AcceptedOf(Resource source, Listener listener, GatewayModel gateway, Reads reads)
    {
        var tenant = source.Key.Tenant;
        if (gateway.State != GatewayState.Served)
            return Verdict.False(Reasons.Accepted, Reasons.Invalid, $"Gateway `{gateway.Name}` is not accepted: {gateway.Accepted.Message}");
        if (!reads.Options.Capabilities.Protocols.Contains(listener.Protocol))
            return Verdict.False(Reasons.Accepted, Reasons.UnsupportedProtocol, $"Protocol `{listener.Protocol}` is not served by pool `{gateway.Pool}`: use {string.Join(" or ", reads.Options.Capabilities.Protocols.Order(StringComparer.Ordinal))}.");
        if (tenant == ResourceKind.PlatformTenant)
            return Verdict.Accepted;
        if (!source.PlacedByPlatform && !gateway.OpenPorts.Contains(listener.Port))
            return Verdict.False(Reasons.Accepted, Reasons.PortUnavailable, $"Tenant `{tenant}` may not open port {listener.Port} on Gateway `{gateway.Name}`: a platform admin must list it in tenantGateways.ports of the GatewayClass.");
        return gateway.Shared ? OnSharedAddress(tenant, listener, gateway, reads) : Verdict.Accepted;
    }

    // Where several tenants meet, a listener takes the names that its tenant has claimed, and what nobody names is the platform's.
    private static Verdict OnSharedAddress(string tenant, Listener listener, GatewayModel gateway, Reads reads)
    {
        if (string.IsNullOrEmpty(listener.Hostname))
            return Verdict.False(Reasons.Accepted, Reasons.HostnameRequired, $"Gateway `{gateway.Name}` shares its address with other tenants, where only its owner may listen without hostname: give the listener a hostname that tenant `{tenant}` has claimed.");
        return reads.RefuseHostname(listener.Hostname, tenant) is { } refusal
            ? Verdict.False(Reasons.Accepted, Reasons.HostnameNotClaimed, refusal)
            : Verdict.Accepted;
    }

    // "Kinds specifies the groups and kinds of Routes that are allowed …; when unspecified or empty, the kinds … are determined using the Listener protocol";
    // unsupported ones → ResolvedRefs=False/InvalidRouteKinds (https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes).
    private static (IReadOnlyList<RouteGroupKind> Kinds, Verdict ResolvedRefs) KindsOf(Listener listener)
    {
        var supported = listener.Protocol is "HTTP" or "HTTPS" ? HttpKinds : [];
        var wanted = listener.AllowedRoutes?.Kinds;
        if (wanted is null or { Count: 0 })
            return (supported, Verdict.ResolvedRefs);
        var granted = supported.Where(kind => wanted.Any(candidate => IsSame(candidate, kind))).ToArray();
        var unknown = wanted.FirstOrDefault(candidate => !supported.Any(kind => IsSame(candidate, kind)));
        return (granted, unknown is null
            ? Verdict.ResolvedRefs
            : Verdict.False(Reasons.ResolvedRefs, Reasons.InvalidRouteKinds, $"allowedRoutes.kinds names {GroupOf(unknown)}/{unknown.Kind}, which a listener of protocol {listener.Protocol} cannot serve."));
    }

    private static bool IsSame(RouteGroupKind left, RouteGroupKind right) => GroupOf(left) == GroupOf(right) && left.Kind == right.Kind;

    private static string GroupOf(RouteGroupKind kind) => kind.Group ?? ResourceKind.GatewayApiGroup;
}
