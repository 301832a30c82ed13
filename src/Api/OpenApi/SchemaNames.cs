using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Api.Certificates;
using Gatehouse.Api.Clusters;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Microsoft.AspNetCore.OpenApi;

namespace Gatehouse.Api.OpenApi;

/// <summary>Names of schemas: those of the kinds, not of our types.</summary>
internal static class SchemaNames
{
    private static readonly Dictionary<Type, string> Specs = new string[]
    {
        ResourceKind.GatewayClass, ResourceKind.Gateway, ResourceKind.ListenerSet, ResourceKind.HttpRoute, ResourceKind.GrpcRoute, ResourceKind.TlsRoute,
        ResourceKind.TcpRoute, ResourceKind.UdpRoute, ResourceKind.BackendTlsPolicy, ResourceKind.Certificate, ResourceKind.ConfigMap, ResourceKind.Service, ResourceKind.ReferenceGrant,
        ResourceKind.Backend, ResourceKind.Hostname, ResourceKind.Cluster, ResourceKind.ClusterNamespace,
    }.ToDictionary(SpecJson.TypeOf);

    /// <summary>Null: any JSON stands where it is used.</summary>
    public static string? Of(JsonTypeInfo type) => type.Type == typeof(JsonElement) || type.Type == typeof(JsonElement?)
        ? null
        : Of(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    private static string? Of(Type type)
    {
        if (Specs.TryGetValue(type, out var kind))
            return kind + "Spec";
        if (type == typeof(CertificateInput))
            return "CertificateInputSpec";
        if (type == typeof(ApiObject<CertificateInput>))
            return "CertificateInput";
        if (type == typeof(ClusterInput))
            return "ClusterInputSpec";
        if (type == typeof(ApiObject<ClusterInput>))
            return "ClusterInput";
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ApiObject<>))
            return Specs[type.GenericTypeArguments[0]];
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ListPage<>))
            return Of(type.GenericTypeArguments[0]) + "List";
        if (type.Namespace == typeof(ApiObject<>).Namespace || type == typeof(MergePatch))
            return type.Name.EndsWith("View", StringComparison.Ordinal) ? type.Name[..^"View".Length] : type.Name;
        return null;
    }
}
