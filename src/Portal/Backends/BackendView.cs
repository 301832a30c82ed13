using Gatehouse.Contracts.Api;
using Gatehouse.Portal.Api;
using Gatehouse.Portal.Conditions;

namespace Gatehouse.Portal.Backends;

/// <summary>A backend for showing: its endpoints with what the gateways' checks say.</summary>
/// <param name="Signal">Health over all endpoints.</param>
/// <param name="Word">The same as words.</param>
/// <param name="Protocol">http, https, h2c, …</param>
/// <param name="Endpoints">In the order of the spec.</param>
public sealed record BackendView(Signal Signal, string Word, string Protocol, IReadOnlyList<EndpointView> Endpoints)
{
    /// <summary>Reads spec and status.</summary>
    public static BackendView Of(ApiResource backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var endpoints = Wanted(backend).Select(wanted => EndpointView.Of(wanted, backend.Status)).ToList();
        var healthy = endpoints.Count(e => e.Signal == Signal.Good);
        var unhealthy = endpoints.Count(e => e.Signal == Signal.Bad);
        var (signal, word) = (healthy, unhealthy) switch
        {
            (0, 0) => FromCondition(backend),
            ( > 0, 0) => (Signal.Good, endpoints.Count == 1 ? "Healthy" : $"{healthy} of {endpoints.Count} healthy"),
            (0, _) => (Signal.Bad, endpoints.Count == 1 ? "Down" : $"All {endpoints.Count} down"),
            _ => (Signal.Partial, $"{healthy} of {endpoints.Count} healthy"),
        };
        return new BackendView(signal, word, backend.Spec.Text("protocol") ?? "http", endpoints);
    }

    private static (Signal Signal, string Word) FromCondition(ApiResource backend) => ConditionView.Of(backend, "Healthy").Signal switch
    {
        Signal.Good => (Signal.Good, "Healthy"),
        Signal.Bad => (Signal.Bad, "Down"),
        _ => (Signal.Waiting, "Not checked"),
    };

    private static IEnumerable<(string Address, int? Port)> Wanted(ApiResource backend) =>
        from item in backend.Spec.Items("endpoints")
        select (item.Text("address") ?? "", item.Number("port"));
}

/// <summary>One endpoint for showing.</summary>
/// <param name="Address">Address and port as one writes them.</param>
/// <param name="Signal">Its health.</param>
/// <param name="Word">The same as a word.</param>
/// <param name="Message">Why it is down.</param>
public sealed record EndpointView(string Address, Signal Signal, string Word, string? Message)
{
    internal static EndpointView Of((string Address, int? Port) wanted, ObjectStatus? status)
    {
        var host = wanted.Address.Contains(':', StringComparison.Ordinal) ? $"[{wanted.Address}]" : wanted.Address;
        var address = wanted.Port is { } port ? $"{host}:{port}" : host;
        var reported = status?.Endpoints?.FirstOrDefault(endpoint => endpoint.Address == address);
        var (signal, word) = reported?.Health switch
        {
            "healthy" => (Signal.Good, "Healthy"),
            "unhealthy" => (Signal.Bad, "Down"),
            _ => (Signal.Waiting, "Not checked"),
        };
        return new EndpointView(address, signal, word, reported?.Reason);
    }
}
