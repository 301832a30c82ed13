using System.Text.Json;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Control.Loading;

/// <summary>Turns stored rows into typed resources.</summary>
internal static class SpecReader
{
    /// <summary>Reads a row; a spec that this version cannot read gives a fault, never an exception: one object must not stop the others.</summary>
    public static (Resource? Resource, SpecFault? Fault) Read(ResourceRow row)
    {
        try
        {
            using var document = JsonDocument.Parse(row.Spec);
            return (Wrap(row, SpecJson.Read(row.Key.Kind, document.RootElement)), null);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException or InvalidOperationException or FormatException)
        {
            return (null, new SpecFault(row.Key, row.Generation, $"The stored spec cannot be read by this version: write {row.Key.Kind} `{row.Key.Name}` again."));
        }
    }

    private static Resource Wrap(ResourceRow row, object spec) => spec switch
    {
        GatewayClassSpec value => Wrap(row, value),
        GatewaySpec value => Wrap(row, value),
        ListenerSetSpec value => Wrap(row, value),
        HttpRouteSpec value => Wrap(row, value),
        GrpcRouteSpec value => Wrap(row, value),
        TlsRouteSpec value => Wrap(row, value),
        TcpRouteSpec value => Wrap(row, value),
        UdpRouteSpec value => Wrap(row, value),
        BackendTlsPolicySpec value => Wrap(row, value),
        CertificateSpec value => Wrap(row, value),
        ConfigMapSpec value => Wrap(row, value),
        ServiceSpec value => Wrap(row, value),
        ReferenceGrantSpec value => Wrap(row, value),
        BackendSpec value => Wrap(row, value),
        HostnameSpec value => Wrap(row, value),
        ClusterSpec value => Wrap(row, value),
        ClusterNamespaceSpec value => Wrap(row, value),
        _ => throw new NotSupportedException($"Spec record {spec.GetType().Name} is not known."),
    };

    private static Resource<TSpec> Wrap<TSpec>(ResourceRow row, TSpec spec)
        where TSpec : class => new()
        {
            Key = row.Key,
            Id = row.Id,
            Generation = row.Generation,
            CreatedAt = row.CreatedAt,
            Labels = Map(row.Labels),
            Annotations = Map(row.Annotations),
            PlacedByPlatform = row.PlacedByPlatform,
            Spec = spec,
        };

    private static Dictionary<string, string> Map(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
}

/// <summary>A row of <c>resources</c>.</summary>
internal readonly record struct ResourceRow(
    ResourceKey Key, long Generation, DateTimeOffset CreatedAt, string Labels, string Annotations, string Spec, bool PlacedByPlatform, Guid Id);
