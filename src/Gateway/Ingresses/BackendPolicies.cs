using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>The BackendTLSPolicies that proxy-ssl-* ask for.</summary>
internal static class BackendPolicies
{
    private const int MaxTargets = 16;

    public static IEnumerable<IngressProduct> Of(Ingress ingress, IEnumerable<IngressLocation> locations)
    {
        if (ingress.Settings.BackendTls is not { } validation)
            return [];
        return locations.SelectMany(location => new[] { location.Path.Backend, location.Canary?.Path.Backend }).Append(ingress.Spec.DefaultBackend).OfType<IngressBackend>()
            .Where(backend => backend.Kind is null).Select(backend => backend.Name).Distinct().Chunk(MaxTargets)
            .Select((names, index) => new IngressProduct(
                new ResourceKey(ResourceKind.BackendTlsPolicy, ingress.Tenant, ResourceNames.Of(ingress.Name, index == 0 ? ["backend-tls"] : ["backend-tls", $"{index + 1:00}"])),
                new BackendTlsPolicySpec
                {
                    TargetRefs = [.. names.Select(name => new PolicyTargetReference { Group = "", Kind = ResourceKind.Service, Name = name })],
                    Validation = validation,
                }));
    }
}
