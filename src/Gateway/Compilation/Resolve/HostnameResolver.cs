using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves a Hostname: it adds an HTTP listener of its name to its Gateways once its claim is verified.</summary>
internal static class HostnameResolver
{
    private const string DefaultGateway = "default";
    private const int HttpPort = 80;

    private static readonly Verdict Verified = Verdict.True(Reasons.Verified, Reasons.Verified, "The claim is verified.");

    public static SourceModel Resolve(Resource<HostnameSpec> resource, Reads reads)
    {
        var verified = VerifiedOf(resource.Key, reads);
        var gateways = new List<GatewayModel>();
        var resolvedRefs = Verdict.ResolvedRefs;
        Verdict? refused = null;
        foreach (var key in GatewaysOf(resource, reads))
        {
            var gateway = reads.Gateway(key);
            if (SourceResolver.Refuse(resource.Key, key, gateway, reads) is { } problem)
            {
                if (gateway is null && key.Tenant == resource.Key.Tenant)
                    resolvedRefs = Verdict.False(Reasons.ResolvedRefs, Reasons.GatewayNotFound, problem.Message);
                refused ??= problem;
            }
            else if (gateway!.State != GatewayState.Served)
            {
                refused ??= Verdict.False(Reasons.Accepted, Reasons.ParentNotAccepted, $"Gateway `{gateway.Name}` is not accepted.");
            }
            else
            {
                gateways.Add(gateway);
            }
        }
        if (!verified.IsTrue)
            return new SourceModel { Listeners = [], Verified = verified, ResolvedRefs = resolvedRefs, Problem = Verdict.False(Reasons.Accepted, verified.Reason, verified.Message) };
        return new SourceModel
        {
            Listeners = [.. gateways.Select((gateway, index) => ListenerOf(resource, gateway, index, reads))],
            Verified = verified,
            ResolvedRefs = resolvedRefs,
            Problem = refused,
            Gateways = gateways,
        };
    }

    private static ListenerModel ListenerOf(Resource<HostnameSpec> resource, GatewayModel gateway, int index, Reads reads)
    {
        // The first Gateway's listener has the short id; ids stay unique when a name is served by several.
        var section = index == 0 ? "http" : $"http.{gateway.Key.Tenant}.{gateway.Key.Name}";
        var listener = new Listener { Name = section, Hostname = resource.Key.Name, Port = HttpPort, Protocol = "HTTP" };
        return ListenerResolver.Resolve(resource, index, listener, ListenerResolver.IdOf(resource.Key, section), gateway, reads);
    }

    private static IEnumerable<ResourceKey> GatewaysOf(Resource<HostnameSpec> resource, Reads reads)
    {
        var tenant = resource.Key.Tenant;
        if (resource.Spec.Gateways is { Count: > 0 } named)
            return named.Select(gateway => new ResourceKey(ResourceKind.Gateway, gateway.Namespace ?? tenant, gateway.Name)).Distinct();
        var own = new ResourceKey(ResourceKind.Gateway, tenant, DefaultGateway);
        return [reads.Gateway(own) is null ? own with { Tenant = ResourceKind.PlatformTenant } : own];
    }

    private static Verdict VerifiedOf(ResourceKey key, Reads reads)
    {
        var state = reads.ClaimOf(key.Name, key.Tenant);
        if (state == ClaimState.Lost)
            return Verdict.False(Reasons.Verified, Reasons.Lost, $"Another tenant holds `{key.Name}`: delete this Hostname, or ask a platform admin.");
        var proven = state == ClaimState.Verified || (state is null && reads.RefuseHostname(key.Name, key.Tenant) is null);
        return proven
            ? Verified
            : Verdict.False(Reasons.Verified, Reasons.Pending, $"The claim of tenant `{key.Tenant}` on `{key.Name}` is not verified yet: prove it, or ask a platform admin to approve it.");
    }
}
