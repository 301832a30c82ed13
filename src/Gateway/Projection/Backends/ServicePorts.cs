using System.Globalization;
using Gatehouse.Gateway.Compilation.Resolved;

namespace Gatehouse.Gateway.Projection.Backends;

/// <summary>A port of the Service that stands for a Backend.</summary>
/// <param name="Name">Name, which EndpointSlices repeat.</param>
/// <param name="Port">Port of the Service.</param>
/// <param name="EndpointPort">Port of the endpoints; null: each endpoint's own.</param>
internal sealed record ServicePortPlan(string Name, int Port, int? EndpointPort);

/// <summary>
/// The ports of the Service that stands for a Backend: one for references without port, which go to each endpoint's own, and one for each
/// endpoint port that references are mapped to.
/// </summary>
internal sealed class ServicePorts
{
    private const string Own = "main";
    private const int MaxPort = 65535;

    private readonly List<ServicePortPlan> _ports = [];

    /// <param name="backend">The Backend.</param>
    /// <param name="endpointPorts">Endpoint ports that its uses in the cluster name; null among them: the endpoints' own.</param>
    public ServicePorts(ResolvedBackend backend, IReadOnlyCollection<int?> endpointPorts)
    {
        foreach (var port in endpointPorts.OfType<int>().Distinct().Order())
            _ports.Add(new ServicePortPlan(string.Create(CultureInfo.InvariantCulture, $"p{port}"), port, port));
        var own = backend.Model.EndpointPorts.Where(static port => port > 0).ToArray();
        if (!endpointPorts.Contains(null) || own.Length == 0)
            return;
        // A Service has each number once: the endpoints' own port gives way to what is mapped.
        var number = Enumerable.Range(own.Min(), MaxPort).First(candidate => _ports.All(port => port.Port != candidate));
        _ports.Insert(0, new ServicePortPlan(Own, number, null));
    }

    public IReadOnlyList<ServicePortPlan> All => _ports;

    /// <summary>The Service's port for an endpoint port; null: the endpoints' own.</summary>
    public int? NumberOf(int? endpointPort) => _ports.Find(port => port.EndpointPort == endpointPort)?.Port;
}
