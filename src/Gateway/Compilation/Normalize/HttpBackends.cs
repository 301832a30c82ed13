using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Normalize;

/// <summary>Backends of the other route kinds as those of an HTTPRoute, which all rules are compiled as.</summary>
internal static class HttpBackends
{
    public static HttpBackendRef Of(BackendRef backend, IReadOnlyList<HttpRouteFilter>? filters = null) => new()
    {
        Group = backend.Group,
        Kind = backend.Kind,
        Name = backend.Name,
        Namespace = backend.Namespace,
        Port = backend.Port,
        Weight = backend.Weight,
        Filters = filters,
    };
}
