using Gatehouse.Gateway.Resources;

namespace Gatehouse.Api.Resources;

/// <summary>Which objects a spec names.</summary>
internal static class References
{
    /// <summary>The references of a spec; its kind-less backendRefs count as Backend, a Secret as the Certificate that it stands for.</summary>
    /// <param name="tenant">Tenant of the object, for references without namespace.</param>
    /// <param name="spec">Spec.</param>
    public static IEnumerable<ResourceKey> Of(string tenant, object spec) => spec switch
    {
        GatewaySpec gateway => OfGateway(tenant, gateway),
        ListenerSetSpec set => OfListeners(tenant, set.Listeners).Prepend(OfParent(tenant, set.ParentRef)),
        HostnameSpec hostname => (hostname.Gateways ?? []).Select(gateway => new ResourceKey(ResourceKind.Gateway, gateway.Namespace ?? tenant, gateway.Name))
            .Concat(OfAuthorities(tenant, hostname.Tls?.ClientValidation)),
        BackendTlsPolicySpec policy => policy.TargetRefs.Select(target => Key(tenant, target.Group, target.Kind, target.Name))
            .Concat(Local(tenant, policy.Validation.CaCertificateRefs)).OfType<ResourceKey>(),
        BackendSpec { Tls: { } tls } => Local(tenant, tls.CaCertificateRefs).Append(OfSecret(tenant, tls.ClientCertificateRef)).OfType<ResourceKey>(),
        _ => ParentsOf(spec).SelectMany(parent => OfRouteParent(tenant, parent)).Concat(BackendsOf(spec).Select(backend => OfBackend(tenant, backend)).OfType<ResourceKey>()),
    };

    /// <summary>All backends that a route names, those of mirrors and authorization too; none for what is no route.</summary>
    public static IEnumerable<BackendObjectReference> BackendsOf(object spec) => spec switch
    {
        HttpRouteSpec route => (route.Rules ?? []).SelectMany(static rule => (rule.BackendRefs ?? [])
            .Concat((rule.BackendRefs ?? []).SelectMany(static backend => OfFilters(backend.Filters))).Concat(OfFilters(rule.Filters))),
        GrpcRouteSpec route => (route.Rules ?? []).SelectMany(static rule => (rule.BackendRefs ?? [])
            .Concat((rule.BackendRefs ?? []).SelectMany(static backend => OfFilters(backend.Filters))).Concat(OfFilters(rule.Filters))),
        TlsRouteSpec route => route.Rules.SelectMany(static rule => rule.BackendRefs),
        TcpRouteSpec route => route.Rules.SelectMany(static rule => rule.BackendRefs),
        UdpRouteSpec route => route.Rules.SelectMany(static rule => rule.BackendRefs),
        _ => [],
    };

    private static IReadOnlyList<ParentReference> ParentsOf(object spec) => spec switch
    {
        HttpRouteSpec route => route.ParentRefs ?? [],
        GrpcRouteSpec route => route.ParentRefs ?? [],
        TlsRouteSpec route => route.ParentRefs ?? [],
        TcpRouteSpec route => route.ParentRefs ?? [],
        UdpRouteSpec route => route.ParentRefs ?? [],
        _ => [],
    };

    private static IEnumerable<BackendObjectReference> OfFilters(IReadOnlyList<HttpRouteFilter>? filters) =>
        (filters ?? []).SelectMany(static filter => new[] { filter.RequestMirror?.BackendRef, filter.ExternalAuth?.BackendRef }).OfType<BackendObjectReference>();

    private static IEnumerable<BackendObjectReference> OfFilters(IReadOnlyList<GrpcRouteFilter>? filters) =>
        (filters ?? []).Select(static filter => filter.RequestMirror?.BackendRef).OfType<BackendObjectReference>();

    private static IEnumerable<ResourceKey> OfRouteParent(string tenant, ParentReference parent)
    {
        var key = OfParent(tenant, parent);
        yield return key;

        // A Hostname compiles to a ListenerSet of its name, so a route may name it as its parent.
        if (key.Kind == ResourceKind.ListenerSet)
            yield return key with { Kind = ResourceKind.Hostname };
    }

    private static ResourceKey? OfBackend(string tenant, BackendObjectReference backend) => backend.Kind is null && string.IsNullOrEmpty(backend.Group)
        ? new ResourceKey(ResourceKind.Backend, backend.Namespace ?? tenant, backend.Name)
        : Key(backend.Namespace ?? tenant, backend.Group, backend.Kind ?? ResourceKind.Service, backend.Name);

    private static IEnumerable<ResourceKey> OfGateway(string tenant, GatewaySpec gateway)
    {
        var validations = new[] { gateway.Tls?.Frontend?.Default }.Concat((gateway.Tls?.Frontend?.PerPort ?? []).Select(static port => port.Tls));
        return validations.SelectMany(config => OfAuthorities(tenant, config?.Validation))
            .Concat(new[] { OfSecret(tenant, gateway.Tls?.Backend?.ClientCertificateRef) }.OfType<ResourceKey>())
            .Concat(OfListeners(tenant, gateway.Listeners))
            .Prepend(new ResourceKey(ResourceKind.GatewayClass, ResourceKind.PlatformTenant, gateway.GatewayClassName));
    }

    private static IEnumerable<ResourceKey> OfAuthorities(string tenant, FrontendTlsValidation? validation) =>
        (validation?.CaCertificateRefs ?? []).Select(reference => Key(reference.Namespace ?? tenant, reference.Group, reference.Kind, reference.Name)).OfType<ResourceKey>();

    private static IEnumerable<ResourceKey> OfListeners(string tenant, IReadOnlyList<Listener>? listeners) =>
        (listeners ?? []).SelectMany(static listener => listener.Tls?.CertificateRefs ?? []).Select(reference => OfSecret(tenant, reference)).OfType<ResourceKey>();

    private static ResourceKey? OfSecret(string tenant, SecretObjectReference? reference) =>
        reference is null ? null : Key(reference.Namespace ?? tenant, reference.Group, reference.Kind ?? ResourceKind.Secret, reference.Name);

    private static IEnumerable<ResourceKey?> Local(string tenant, IReadOnlyList<LocalObjectReference>? references) =>
        (references ?? []).Select(reference => Key(tenant, reference.Group, reference.Kind, reference.Name));

    /// <summary>The stored object that group and kind mean; null: none that Gatehouse stores.</summary>
    private static ResourceKey? Key(string tenant, string? group, string? kind, string name) => (group ?? "", kind) switch
    {
        ("", ResourceKind.Secret) => new ResourceKey(ResourceKind.Certificate, tenant, name),
        ("", ResourceKind.Service or ResourceKind.ConfigMap) => new ResourceKey(kind, tenant, name),
        (ResourceKind.GatehouseGroup, ResourceKind.Backend or ResourceKind.Certificate) => new ResourceKey(kind, tenant, name),
        _ => null,
    };

    private static ResourceKey OfParent(string tenant, ParentReference parent) =>
        new(parent.Kind ?? ResourceKind.Gateway, parent.Namespace ?? tenant, parent.Name);
}
