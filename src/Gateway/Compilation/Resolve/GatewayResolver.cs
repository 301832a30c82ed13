using System.Net;
using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Compilation.Incremental;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>Resolves a Gateway's class, addresses and open ports (https://gateway-api.sigs.k8s.io/reference/spec/#gateway).</summary>
internal static class GatewayResolver
{
    private static readonly Verdict Foreign = Verdict.Unknown(Reasons.Accepted, Reasons.Pending, "Waiting for the class's controller.");

    /// <summary>Everything but <see cref="GatewayModel.Shared"/>, which depends on the other Gateways of the address.</summary>
    public static GatewayModel Resolve(Resource<GatewaySpec> resource, Reads reads)
    {
        var gatewayClass = reads.Class(resource.Spec.GatewayClassName);
        var addresses = new List<string>();
        var (state, accepted) = Judge(resource, gatewayClass, addresses);
        var platform = resource.Key.Tenant == ResourceKind.PlatformTenant;
        var ports = (gatewayClass?.TenantPorts ?? []).Concat(platform ? resource.Spec.Listeners.Select(listener => listener.Port) : []);
        // Another controller's Gateway is not ours to look into.
        var (certificate, resolvedRefs) = state == GatewayState.Foreign ? (null, Verdict.ResolvedRefs) : ClientCertificateOf(resource, reads);
        return new GatewayModel
        {
            Key = resource.Key,
            CreatedAt = resource.CreatedAt,
            State = state,
            Accepted = accepted,
            Pool = gatewayClass?.Pool ?? "",
            IsDedicated = gatewayClass is { IsDedicated: true },
            IssuesInCluster = gatewayClass is { IssuesInCluster: true },
            Addresses = [.. addresses.Distinct().Order(StringComparer.Ordinal)],
            OpenPorts = [.. ports.Distinct().Order()],
            AllowedListeners = resource.Spec.AllowedListeners,
            ClientValidation = state == GatewayState.Foreign ? ClientValidationByPort.None : ClientValidationByPort.Resolve(resource, reads),
            BackendClientCertificate = certificate,
            ResolvedRefs = resolvedRefs,
        };
    }

    // https://gateway-api.sigs.k8s.io/reference/spec/#gatewaybackendtls
    private static (ResourceKey? Certificate, Verdict ResolvedRefs) ClientCertificateOf(Resource<GatewaySpec> resource, Reads reads)
    {
        if (resource.Spec.Tls?.Backend?.ClientCertificateRef is not { } reference)
            return (null, Verdict.ResolvedRefs);
        var (certificate, problem) = CertificateReferences.Certificate(reference, resource.Key, Reasons.InvalidClientCertificateRef, reads);
        return problem is null
            ? (certificate!.Key, Verdict.ResolvedRefs)
            : (null, Verdict.False(Reasons.ResolvedRefs, problem.Reason, $"tls.backend.clientCertificateRef: {problem.Message}."));
    }

    private static (GatewayState State, Verdict Accepted) Judge(Resource<GatewaySpec> resource, ClassModel? gatewayClass, List<string> addresses)
    {
        var name = resource.Spec.GatewayClassName;
        if (gatewayClass is null)
            return (GatewayState.Waiting, Verdict.Unknown(Reasons.Accepted, Reasons.Pending, $"GatewayClass `{name}` does not exist: a platform admin must create it, or name another class."));
        if (gatewayClass.Accepted is null)
            return (GatewayState.Foreign, Foreign);
        if (!gatewayClass.IsServed)
            return (GatewayState.Waiting, Verdict.Unknown(Reasons.Accepted, Reasons.Pending, $"GatewayClass `{name}` is not accepted: {gatewayClass.Accepted.Message}"));
        // In a cluster, parameters and addresses of other types are its controller's to judge.
        if (!gatewayClass.IsInCluster && resource.Spec.Infrastructure?.ParametersRef is { } parameters)
            return (GatewayState.Refused, Verdict.False(Reasons.Accepted, Reasons.InvalidParameters, $"infrastructure.parametersRef names a {parameters.Kind}, which this controller does not read: remove it."));
        foreach (var address in resource.Spec.Addresses ?? [])
        {
            if (RefuseAddress(resource, address, gatewayClass) is { } refused)
                return (GatewayState.Refused, Verdict.False(Reasons.Accepted, Reasons.UnsupportedAddress, refused));
            if (IpText.TryParse(address.Value ?? "", out var ip))
                addresses.Add(ip.ToString());
        }
        return (GatewayState.Served, Verdict.Accepted);
    }

    // https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspecaddress; an empty value leaves the choice to us.
    private static string? RefuseAddress(Resource gateway, GatewaySpecAddress address, ClassModel gatewayClass)
    {
        var isOwn = gateway.Key.Tenant != ResourceKind.PlatformTenant && !gateway.PlacedByPlatform;
        if (gatewayClass.IsInCluster && !isOwn)
            return null;
        if ((address.Type ?? "IPAddress") != "IPAddress")
            return $"Address type `{address.Type}` is not supported: use IPAddress.";
        if (string.IsNullOrEmpty(address.Value))
            return null;
        if (!IpText.TryParse(address.Value, out var ip))
            return $"`{address.Value}` is not an IP address.";
        // What a platform admin placed is his own decision; tenantGateways bounds what tenants open themselves.
        if (!isOwn || gatewayClass.TenantAddresses.Any(range => Contains(range, ip)))
            return null;
        return $"Tenant `{gateway.Key.Tenant}` may not bind {ip}: a platform admin must list it in tenantGateways.addresses of the GatewayClass.";
    }

    private static bool Contains(string range, IPAddress address) =>
        IPNetwork.TryParse(range, out var network) ? network.Contains(address) : IPAddress.TryParse(range, out var single) && single.Equals(address);
}
