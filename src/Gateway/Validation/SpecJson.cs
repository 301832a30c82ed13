using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Validation;

/// <summary>
/// The JSON form of specs that were validated before: upstream's field names in upstream's order, absent fields left out.
/// What comes from users goes through <see cref="SpecValidator"/> instead.
/// </summary>
public static class SpecJson
{
    /// <summary>Camel case, nulls left out; fields of a newer version are passed over.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>The spec record of a kind.</summary>
    /// <exception cref="ArgumentException">The kind is not one that Gatehouse stores.</exception>
    public static Type TypeOf(string kind) => kind switch
    {
        ResourceKind.HttpRoute => typeof(HttpRouteSpec),
        ResourceKind.Gateway => typeof(GatewaySpec),
        ResourceKind.ListenerSet => typeof(ListenerSetSpec),
        ResourceKind.GrpcRoute => typeof(GrpcRouteSpec),
        ResourceKind.TlsRoute => typeof(TlsRouteSpec),
        ResourceKind.TcpRoute => typeof(TcpRouteSpec),
        ResourceKind.UdpRoute => typeof(UdpRouteSpec),
        ResourceKind.BackendTlsPolicy => typeof(BackendTlsPolicySpec),
        ResourceKind.Certificate => typeof(CertificateSpec),
        ResourceKind.ConfigMap => typeof(ConfigMapSpec),
        ResourceKind.Service => typeof(ServiceSpec),
        ResourceKind.ReferenceGrant => typeof(ReferenceGrantSpec),
        ResourceKind.GatewayClass => typeof(GatewayClassSpec),
        ResourceKind.Backend => typeof(BackendSpec),
        ResourceKind.Hostname => typeof(HostnameSpec),
        ResourceKind.Cluster => typeof(ClusterSpec),
        ResourceKind.ClusterNamespace => typeof(ClusterNamespaceSpec),
        _ => throw new ArgumentException($"Kind '{kind}' has no spec record.", nameof(kind)),
    };

    /// <summary>Reads a stored spec.</summary>
    /// <exception cref="JsonException">The JSON was never valid for that kind.</exception>
    public static object Read(string kind, JsonElement spec) =>
        spec.Deserialize(TypeOf(kind), Options) ?? throw new JsonException($"The spec of a {kind} is null.");

    /// <summary>Writes a spec record.</summary>
    public static JsonElement Write(object spec) => JsonSerializer.SerializeToElement(spec, spec.GetType(), Options);
}
