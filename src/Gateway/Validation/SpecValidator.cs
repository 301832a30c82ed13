using System.Text.Json;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Kinds;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation;

/// <summary>
/// Decides what may be stored: of upstream's kinds exactly what the experimental channel's CRDs of v1.6.1 accept
/// (https://github.com/kubernetes-sigs/gateway-api/tree/v1.6.1/config/crd/experimental), of our own what their records say.
/// What is stored may still be unusable: that is for conditions to say.
/// </summary>
public static class SpecValidator
{
    /// <summary>Most errors that one validation reports.</summary>
    public const int MaxErrors = 100;

    /// <summary>One line for each kind.</summary>
    private static readonly Dictionary<string, Func<ObjectReader, object>> Kinds = new(StringComparer.Ordinal)
    {
        [ResourceKind.HttpRoute] = HttpRoutes.Read,
        [ResourceKind.Gateway] = Gateways.Read,
        [ResourceKind.ListenerSet] = ListenerSets.Read,
        [ResourceKind.GrpcRoute] = GrpcRoutes.Read,
        [ResourceKind.TlsRoute] = StreamRoutes.ReadTls,
        [ResourceKind.TcpRoute] = StreamRoutes.ReadTcp,
        [ResourceKind.UdpRoute] = StreamRoutes.ReadUdp,
        [ResourceKind.BackendTlsPolicy] = BackendTlsPolicies.Read,
        [ResourceKind.ReferenceGrant] = ReferenceGrants.Read,
        [ResourceKind.GatewayClass] = GatewayClasses.Read,
        [ResourceKind.Certificate] = Certificates.Read,
        [ResourceKind.ConfigMap] = ConfigMaps.Read,
        [ResourceKind.Service] = Services.Read,
        [ResourceKind.Backend] = Backends.Read,
        [ResourceKind.Hostname] = Hostnames.Read,
        [ResourceKind.Cluster] = Clusters.Read,
        [ResourceKind.ClusterNamespace] = ClusterNamespaces.Read,
    };

    /// <summary>Reads and validates a spec; reports everything that is wrong and never throws on what a user can send.</summary>
    /// <exception cref="ArgumentException">The kind is not one that Gatehouse stores.</exception>
    public static SpecResult Validate(string kind, JsonElement spec)
    {
        if (!Kinds.TryGetValue(kind, out var read))
            throw new ArgumentException($"Kind '{kind}' has no spec.", nameof(kind));
        if (spec.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return new(null, [new("", ErrorCodes.Required, "The spec is required.")]);
        var errors = new ErrorList(MaxErrors);
        var value = ObjectReader.Read(spec, Location.Root, errors, read);
        return new(errors.Errors.Count == 0 ? value : null, errors.Errors);
    }

    /// <summary>What in a valid spec does not go with the object's name; pointers are those of the spec.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="spec">The typed spec.</param>
    public static IReadOnlyList<ValidationError> CheckName(string name, object spec)
    {
        ArgumentNullException.ThrowIfNull(name);
        return spec is HostnameSpec hostname ? [.. Hostnames.CheckName(name, hostname)] : [];
    }
}
