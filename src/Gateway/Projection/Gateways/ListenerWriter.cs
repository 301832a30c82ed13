using System.Globalization;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Projection.Materials;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Gateways;

/// <summary>
/// Writes listeners. Who may attach is written as the Namespaces of those tenants that do: what `All` and selectors over tenants mean, a
/// cluster's own Namespaces and labels could not tell, and a stranger's route would get hostnames past the ledger.
/// </summary>
internal sealed class ListenerWriter
{
    private readonly ProjectionRun _run;
    private readonly MaterialProjection _materials;
    private readonly ILookup<string, string> _tenantsOf;

    public ListenerWriter(ProjectionRun run, MaterialProjection materials)
    {
        _run = run;
        _materials = materials;
        _tenantsOf = run.Routes
            .SelectMany(route => route.Compiled.Hosts.Where(host => host.Pool == run.Pool).Select(host => (host.Listener, route.Key.Tenant)).Distinct())
            .ToLookup(static pair => pair.Listener, static pair => pair.Tenant, StringComparer.Ordinal);
    }

    /// <summary>Whether a route serves at a listener.</summary>
    public bool HasRoutes(ResolvedListener listener) => _tenantsOf.Contains(listener.Model.Id);

    /// <summary>The port that the controller listens on for a listener's.</summary>
    public static int PortOf(int port, GatewayClassTarget? target) =>
        target?.ListenerPorts?.TryGetValue(port.ToString(CultureInfo.InvariantCulture), out var mapped) == true ? mapped : port;

    /// <summary>Writes a listener; null: what it needs is not there.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="name">Its name in the cluster.</param>
    /// <param name="parent">What has it there.</param>
    /// <param name="target">Where its class runs.</param>
    /// <param name="issues">Whether cert-manager issues for the parent.</param>
    /// <param name="onlyTenant">Tenant whose route alone may attach; null: those that the compiler attached.</param>
    public JsonObject? Write(ResolvedListener listener, string name, ProjectedId parent, GatewayClassTarget? target, bool issues, string? onlyTenant = null)
    {
        var model = listener.Model;
        var node = new JsonObject { ["name"] = name };
        if (model.Spec.Hostname is { Length: > 0 } hostname)
            node["hostname"] = hostname;
        node["port"] = PortOf(model.Spec.Port, target);
        node["protocol"] = model.Protocol;
        if (model.Protocol is "HTTPS" or "TLS")
        {
            if (TlsOf(listener, parent) is not { } tls)
                return null;
            node["tls"] = tls;
        }
        node["allowedRoutes"] = AllowedRoutesOf(listener, parent, issues, onlyTenant);
        return node;
    }

    private JsonObject? TlsOf(ResolvedListener listener, ProjectedId parent)
    {
        var model = listener.Model;
        var tls = new JsonObject { ["mode"] = model.Passthrough ? "Passthrough" : "Terminate" };
        if (model.Passthrough)
            return tls;
        var references = model.IsIssuedInCluster
            ? [CertManager.SecretReference(model.Hostname)]
            : model.Certificates.Select(certificate => _materials.SecretReference(certificate, parent.Kind, parent.Namespace!, model.Source)).OfType<JsonObject>().ToArray();
        if (references.Length == 0)
            return null;
        tls["certificateRefs"] = new JsonArray([.. references]);
        if (model.Spec.Tls?.Options is { Count: > 0 } options && _run.AdmitsVendorSettings(model.Source, $"tls.options of listener `{model.Spec.Name}`"))
            tls["options"] = ObjectWriter.Map(options.OrderBy(static option => option.Key, StringComparer.Ordinal));
        return tls;
    }

    private JsonObject AllowedRoutesOf(ResolvedListener listener, ProjectedId parent, bool issues, string? onlyTenant)
    {
        // cert-manager puts the route that answers its challenges beside the parent.
        string[] issuer = issues && listener.Model.Protocol == "HTTP" ? [parent.Namespace!] : [];
        var namespaces = (onlyTenant is null ? _tenantsOf[listener.Model.Id] : [onlyTenant]).Select(_run.Namespaces.Of).Concat(issuer).Distinct().ToArray();
        var allowed = new JsonObject
        {
            ["namespaces"] = namespaces.All(ns => ns == parent.Namespace) ? new JsonObject { ["from"] = "Same" } : NamespaceMap.Select(namespaces),
        };
        if (listener.Model.Spec.AllowedRoutes?.Kinds is { Count: > 0 })
        {
            allowed["kinds"] = new JsonArray([.. listener.Model.SupportedKinds.Select(static kind => new JsonObject { ["group"] = kind.Group ?? ResourceKind.GatewayApiGroup, ["kind"] = kind.Kind })]);
        }
        return allowed;
    }
}
