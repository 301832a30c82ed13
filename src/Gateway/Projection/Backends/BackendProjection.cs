using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Compilation.Resolved;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Projection.Backends;

/// <summary>
/// Backends outside of the cluster as Services without selector and EndpointSlices
/// (https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors).
/// </summary>
internal sealed class BackendProjection(ProjectionRun run, BackendTlsProjection tls)
{
    private const string SliceVersion = "discovery.k8s.io/v1";

    private readonly Dictionary<ResourceKey, ServicePorts> _ports = [];

    /// <summary>DNS names whose addresses are needed.</summary>
    public SortedSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>The port of the Service that stands for a Backend as a reference means it; null: the Backend cannot be sent to.</summary>
    public int? PortOf(BackendTarget target) =>
        run.Find<ResolvedBackend>(target.Backend) is { } backend ? PortsOf(backend).NumberOf(target.Port) : null;

    /// <summary>Adds the Backends that the cluster's routes send to.</summary>
    public void AddObjects()
    {
        foreach (var backend in run.All<ResolvedBackend>().Where(backend => backend.Uses.Any(use => use.Pool == run.Pool)))
        {
            run.Concerns(backend.Resource);
            ReportSettings(backend);
            if (run.Namespaces.Admits(backend.Key.Tenant, backend.Key) && tls.Add(backend))
                Add(backend);
        }
    }

    private ServicePorts PortsOf(ResolvedBackend backend)
    {
        if (!_ports.TryGetValue(backend.Key, out var ports))
            _ports[backend.Key] = ports = new ServicePorts(backend, [.. backend.Uses.Where(use => use.Pool == run.Pool).Select(static use => use.Target.Port).Distinct()]);
        return ports;
    }

    private void Add(ResolvedBackend backend)
    {
        if (!run.Input.Capabilities.EndpointSlices)
        {
            run.Report(backend.Key, ProblemSeverity.Refused, ProjectionReasons.KindNotServed,
                $"Cluster `{run.Cluster.Name}` serves no EndpointSlice of {SliceVersion}, so Backends outside of it cannot be reached: its administrator must bring it to Kubernetes 1.21 or newer.");
            return;
        }
        var ports = PortsOf(backend);
        if (ports.All.Count == 0)
            return;
        var spec = backend.Backend.Spec;
        var protocol = spec.Protocol == "udp" ? "UDP" : "TCP";
        var added = run.Add(Draft(backend, new ProjectedId("v1", ResourceKind.Service, run.Namespaces.Of(backend.Key.Tenant), ProjectedNames.ServiceOf(backend.Key.Name))) with
        {
            Content =
            [
                ("spec", new JsonObject
                {
                    ["type"] = "ClusterIP",
                    ["sessionAffinity"] = "None",
                    ["ports"] = new JsonArray([.. ports.All.Select(port => PortOf(port, protocol, AppProtocolOf(spec)))]),
                }),
            ],
        });
        if (added)
            AddSlices(backend, ports, protocol);
    }

    private void AddSlices(ResolvedBackend backend, ServicePorts ports, string protocol)
    {
        var service = ProjectedNames.ServiceOf(backend.Key.Name);
        var endpoints = backend.Backend.Spec.Endpoints.Where(static endpoint => endpoint.Weight != 0).ToArray();
        foreach (var endpoint in endpoints.Where(static endpoint => !IpText.TryParse(endpoint.Address, out _)))
            Names.Add(endpoint.Address);
        var addresses = endpoints.SelectMany(endpoint => EndpointAddresses.Of(endpoint, backend.Key, run).Select(address => (address.AddressFamily, Port: endpoint.Port ?? 0, Address: address.ToString())))
            .Distinct().ToArray();
        if (addresses.Length == 0 && endpoints.Length > 0 && endpoints.All(IsLookedUp))
            run.Report(backend.Key, ProblemSeverity.Refused, ProjectionReasons.NoEndpoint, $"None of its endpoints can be reached from cluster `{run.Cluster.Name}`, so every request to it fails there.");
        foreach (var group in addresses.GroupBy(static endpoint => (endpoint.AddressFamily, endpoint.Port)).OrderBy(static group => group.Key.AddressFamily).ThenBy(static group => group.Key.Port))
        {
            var family = group.Key.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
            var name = ProjectedNames.Bounded(string.Create(CultureInfo.InvariantCulture, $"{service}-{family}-{group.Key.Port}").ToLowerInvariant(), 253);
            var slicePorts = ports.All.Where(port => port.EndpointPort is not null || group.Key.Port > 0)
                .Select(port => (JsonNode)new JsonObject { ["name"] = port.Name, ["port"] = port.EndpointPort ?? group.Key.Port, ["protocol"] = protocol }).ToArray();
            if (slicePorts.Length == 0)
                continue;
            run.Add(Draft(backend, new ProjectedId(SliceVersion, ServiceSliceKind, run.Namespaces.Of(backend.Key.Tenant), name)) with
            {
                Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = service, ["endpointslice.kubernetes.io/managed-by"] = "gatehouse.dev" },
                Content =
                [
                    ("addressType", JsonValue.Create(family)),
                    ("ports", new JsonArray(slicePorts)),
                    ("endpoints", new JsonArray([.. group.Select(static endpoint => endpoint.Address).Order(StringComparer.Ordinal)
                        .Select(static address => new JsonObject { ["addresses"] = new JsonArray(address), ["conditions"] = new JsonObject { ["ready"] = true } })])),
                ],
            });
        }
    }

    private bool IsLookedUp(BackendEndpoint endpoint) => IpText.TryParse(endpoint.Address, out _) || run.Input.Addresses.ContainsKey(endpoint.Address);

    private const string ServiceSliceKind = "EndpointSlice";

    private ObjectDraft Draft(ResolvedBackend backend, ProjectedId id) => new()
    {
        Id = id,
        Source = backend.Key,
        SourceGeneration = backend.Resource.Generation,
        Tenant = backend.Key.Tenant,
        RepairsDrift = run.RepairsDrift(backend.Resource),
        Content = [],
    };

    private static JsonObject PortOf(ServicePortPlan port, string protocol, string? appProtocol)
    {
        var node = new JsonObject { ["name"] = port.Name, ["port"] = port.Port, ["protocol"] = protocol, ["targetPort"] = port.EndpointPort ?? port.Port };
        if (appProtocol is not null)
            node["appProtocol"] = appProtocol;
        return node;
    }

    // Over TLS, HTTP/2 is agreed upon in the handshake (https://gateway-api.sigs.k8s.io/geps/gep-1911/).
    private static string? AppProtocolOf(BackendSpec spec) => spec.Tls is null && spec.Protocol is "h2c" or "grpc" ? "kubernetes.io/h2c" : null;

    // Kubernetes has no place for these; its controllers decide by policies of their own.
    private void ReportSettings(ResolvedBackend backend)
    {
        var spec = backend.Backend.Spec;
        string?[] settings =
        [
            spec.HealthChecks is null ? null : "healthChecks",
            spec.LoadBalancing is null or "RoundRobin" ? null : "loadBalancing",
            spec.Affinity is null ? null : "affinity",
            spec.Limits is null ? null : "limits",
            spec.Endpoints.Select(static endpoint => endpoint.Weight ?? 1).Where(static weight => weight != 0).Distinct().Count() > 1 ? "endpoints' weights" : null,
        ];
        var named = settings.OfType<string>().ToArray();
        if (named.Length > 0)
            run.Report(backend.Key, ProblemSeverity.Approximate, ProjectionReasons.NotExpressible,
                $"Services of cluster `{run.Cluster.Name}` cannot say {string.Join(", ", named)}: its controller decides, and data planes act on them.");
    }
}
