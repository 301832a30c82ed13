using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation.Kinds;

/// <summary>Backend, our kind.</summary>
internal static class Backends
{
    private static readonly TextChoice Protocols = new("http", "https", "h2c", "grpc", "tcp", "tls", "udp");
    private static readonly TextChoice TlsProtocols = new("https", "grpc", "tls");
    private static readonly TextChoice StreamProtocols = new("tcp", "tls", "udp");
    private static readonly TextChoice Policies = new("RoundRobin", "LeastRequests", "Random", "PowerOfTwoChoices");
    private static readonly TextChoice AffinityTypes = new("Cookie");
    private static readonly TextFormat CookieName = new(1, 128, @"\A[A-Za-z0-9!#$%&'*+\-.^_`|~]+\z", "a cookie name: letters, digits and !#$%&'*+-.^_`|~");

    public static BackendSpec Read(ObjectReader spec)
    {
        var backend = new BackendSpec
        {
            Endpoints = spec.RequiredList("endpoints", new Count(1, 256), endpoint => ReadEndpoint(endpoint, portsAreMapped: spec.IsSet("ports"))),
            Protocol = spec.Text("protocol", Protocols),
            Ports = spec.IntegerMap("ports", Count.AtMost(64), PortText.Rule, References.MinPort, References.MaxPort),
            Tls = spec.Object("tls", BackendTlsRules.Read),
            HealthChecks = spec.Object("healthChecks", BackendHealth.Read),
            LoadBalancing = spec.Text("loadBalancing", Policies),
            Affinity = spec.Object("affinity", affinity => new BackendAffinity
            {
                Type = affinity.RequiredText("type", AffinityTypes),
                Name = affinity.Text("name", CookieName),
            }),
            Limits = spec.Object("limits", limits => new BackendLimits { MaxConnectionsPerEndpoint = limits.Integer("maxConnectionsPerEndpoint", 1, 10_000) }),
        };
        spec.RequireUnique("endpoints", backend.Endpoints,
            endpoint => endpoint.Address.Length > 0 ? $"{endpoint.Port} {endpoint.Address.ToLowerInvariant()}" : null,
            "This address and port are in the list already: give one of the two a higher weight instead.");
        CheckProtocol(spec, backend);
        return backend;
    }

    private static BackendEndpoint ReadEndpoint(ObjectReader reader, bool portsAreMapped)
    {
        var endpoint = new BackendEndpoint
        {
            Address = reader.RequiredText("address", EndpointAddress.Rule),
            Port = reader.Integer("port", References.MinPort, References.MaxPort),
            Weight = reader.Integer("weight", 0, 1_000_000),
        };
        if (!portsAreMapped && !reader.IsSet("port"))
            reader.Report(ErrorCodes.Required, "An endpoint needs a port unless 'ports' maps those of the references.", "port");
        return endpoint;
    }

    private static void CheckProtocol(ObjectReader spec, BackendSpec backend)
    {
        var protocol = backend.Protocol ?? "http";
        if (!Protocols.Contains(protocol))
            return;
        if (spec.IsSet("tls") && !TlsProtocols.Contains(protocol))
            spec.Report(ErrorCodes.NotAllowed, $"Remove 'tls', or set 'protocol' to https, grpc or tls: it is {protocol}.", "tls");
        if (!StreamProtocols.Contains(protocol))
            return;
        if (backend.HealthChecks?.Active is not null)
            spec.Report(ErrorCodes.NotAllowed, $"Active health checks are HTTP requests: remove them for protocol {protocol}.", "healthChecks", "active");
        if (backend.Affinity is not null)
            spec.Report(ErrorCodes.NotAllowed, $"Cookies need HTTP: remove 'affinity' for protocol {protocol}.", "affinity");
    }
}
