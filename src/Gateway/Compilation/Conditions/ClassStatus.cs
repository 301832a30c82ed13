using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of GatewayClasses (https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclassstatus).</summary>
internal static class ClassStatus
{
    public static ResourceStatus? Of(ClassNode node, TargetCapabilities capabilities) => node is not { Resource: { } resource, Model: { Accepted: { } accepted } model }
        ? null
        : new ResourceStatus
        {
            Key = node.Key,
            Generation = resource.Generation,
            Conditions = [accepted.At(resource.Generation), Verdict.ResolvedRefs.At(resource.Generation)],
            SupportedFeatures = accepted.IsTrue && !model.IsInCluster ? SupportedFeatures.Of(capabilities) : null,
            Pools = accepted.IsTrue ? [model.Pool] : [],
            ClusterClass = resource.Spec.Target is { Type: "Kubernetes" } target ? target.GatewayClassName : null,
        };
}
