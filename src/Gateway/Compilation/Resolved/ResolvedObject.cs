using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolved;

/// <summary>A stored object that concerns a cluster, with what was made of it.</summary>
/// <param name="Resource">The object as it is stored.</param>
internal abstract record ResolvedObject(Resource Resource)
{
    public ResourceKey Key => Resource.Key;
}

internal sealed record ResolvedNamespace(Resource<ClusterNamespaceSpec> Namespace) : ResolvedObject(Namespace);

internal sealed record ResolvedClass(Resource<GatewayClassSpec> Class, ClassModel Model) : ResolvedObject(Class);

internal sealed record ResolvedGateway(Resource<GatewaySpec> Gateway, GatewayModel Model, IReadOnlyList<ResolvedListener> Listeners) : ResolvedObject(Gateway);

/// <summary>A ListenerSet or Hostname.</summary>
internal sealed record ResolvedSource(Resource Source, IReadOnlyList<ResolvedListener> Listeners) : ResolvedObject(Source);

internal sealed record ResolvedRoute(Resource Route, CompiledRoute Compiled) : ResolvedObject(Route);

/// <summary>A Backend that routes in clusters send traffic to.</summary>
internal sealed record ResolvedBackend(Resource<BackendSpec> Backend, BackendModel Model, IReadOnlyList<(string Pool, BackendTarget Target)> Uses) : ResolvedObject(Backend);

internal sealed record ResolvedPolicy(Resource<BackendTlsPolicySpec> Policy, BackendTlsPolicyModel Model) : ResolvedObject(Policy);

internal sealed record ResolvedCertificate(Resource<CertificateSpec> Certificate, CertificateModel Model, IReadOnlyList<string> Pools) : ResolvedObject(Certificate);

internal sealed record ResolvedConfigMap(Resource<ConfigMapSpec> ConfigMap, ConfigMapModel Model) : ResolvedObject(ConfigMap);

/// <summary>A listener with the outcome of its conflicts.</summary>
/// <param name="Model">The listener.</param>
/// <param name="Serves">Whether it takes requests.</param>
internal sealed record ResolvedListener(ListenerModel Model, bool Serves);
