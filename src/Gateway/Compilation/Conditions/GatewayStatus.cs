using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Status;

namespace Gatehouse.Gateway.Compilation.Conditions;

/// <summary>Status of Gateways (https://gateway-api.sigs.k8s.io/reference/spec/#gatewaystatus).</summary>
internal static class GatewayStatus
{
    // "This condition is removed as soon as FrontendValidationModeType is changed back to AllowValidOnly".
    private static readonly Verdict Insecure = Verdict.True(
        Reasons.InsecureFrontendValidationMode,
        Reasons.ConfigurationChanged,
        "tls.frontend has mode AllowInsecureFallback: clients without a valid certificate are let in, and backends must tell them apart.");

    /// <summary>Null: another controller's Gateway, of which we say nothing.</summary>
    public static ResourceStatus? Of(GatewayNode node, CompilerState state)
    {
        if (node is not { Resource: { } resource, Model: { State: not GatewayState.Foreign } gateway })
            return null;
        var source = state.Sources.GetValueOrDefault(node.Key);
        var listeners = source?.Listeners ?? [];
        var generation = resource.Generation;
        var accepted = gateway.Accepted.IsTrue ? ListenerStatuses.AcceptedOf(listeners) : gateway.Accepted;
        var resolvedRefs = ListenerStatuses.ResolvedRefsOf(source?.Model?.ResolvedRefs ?? Verdict.ResolvedRefs, listeners);
        return new ResourceStatus
        {
            Key = node.Key,
            Generation = generation,
            Conditions = [.. new[] { accepted, resolvedRefs, ListenerStatuses.ProgrammedOf(listeners), gateway.ClientValidation.IsInsecure ? Insecure : null, ListenerStatuses.UnsupportedFieldsOf(resource.Spec.Listeners) }
                .OfType<Verdict>().Select(verdict => verdict.At(generation))],
            Listeners = [.. listeners.Select(listener => ListenerStatuses.Of(listener, generation, state))],
            Addresses = [.. gateway.Addresses.Select(address => new GatewaySpecAddress { Type = "IPAddress", Value = address })],
            AttachedListenerSets = state.SetsOfGateway.GetValueOrDefault(node.Key),
            Pools = ListenerStatuses.PoolsOf(listeners),
            ListenerIds = ListenerStatuses.IdsOf(listeners),
        };
    }
}
