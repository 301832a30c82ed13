using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Projection.Backends;
using Gatehouse.Gateway.Projection.Materials;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Routes;

/// <summary>
/// Writes references to backends with the cluster's names. One that may not be used keeps its share of the traffic and leads nowhere, so that it is
/// answered with an error there too, whatever grants the cluster has of its own.
/// </summary>
internal sealed class ReferenceWriter(ProjectionRun run, BackendProjection backends, BackendTlsProjection tls, MaterialProjection materials)
{
    private const int AnyPort = 80;

    /// <summary>Rewrites the references of one route.</summary>
    public Action<JsonObject> For(ResolvedRoute route) => reference => Write(reference, route);

    private void Write(JsonObject reference, ResolvedRoute route)
    {
        var key = new ReferenceKey((string?)reference["group"], (string?)reference["kind"], (string?)reference["namespace"], (string)reference["name"]!, (int?)reference["port"]);
        var port = key.Port ?? AnyPort;
        var (name, tenant) = (ProjectedNames.Nowhere, route.Key.Tenant);
        if (route.Compiled.ClusterRules!.References.GetValueOrDefault(key) is { Target: { } target, Problem: null } && Place(target) is { } place)
            (name, port, tenant) = (place.Name, place.Port, target.Backend.Tenant);
        var rest = reference.Where(static field => field.Key is not ("group" or "kind" or "name" or "namespace" or "port")).Select(static field => (field.Key, Value: field.Value?.DeepClone())).ToArray();
        reference.Clear();
        reference["group"] = "";
        reference["kind"] = ResourceKind.Service;
        reference["name"] = name;
        var ns = run.Namespaces.Of(route.Key.Tenant);
        if (run.Namespaces.Of(tenant) is var other && other != ns)
        {
            reference["namespace"] = other;
            materials.Grant(route.Key.Kind, ns, ResourceKind.Service, tenant, name, route.Key);
        }
        reference["port"] = port;
        foreach (var (field, value) in rest)
            reference[field] = value;
    }

    private (string Name, int Port)? Place(BackendTarget target)
    {
        if (target.Backend.Kind == ResourceKind.Service)
            return tls.Bars(target.Backend) ? null : (target.Backend.Name, target.Port ?? AnyPort);
        return backends.PortOf(target) is { } port ? (ProjectedNames.ServiceOf(target.Backend.Name), port) : null;
    }
}
