using Gatehouse.Gateway.Compilation.Conditions;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>What a Backend or Service is to those who reference it; its endpoints may change without their notice.</summary>
internal sealed record BackendModel
{
    public required ResourceKey Key { get; init; }

    public required string Protocol { get; init; }

    /// <summary>Reference port → endpoint port.</summary>
    public required IReadOnlyDictionary<int, int> Ports { get; init; }

    /// <summary>The endpoints' own ports, ascending; 0 for those without.</summary>
    public required IReadOnlyList<int> EndpointPorts { get; init; }

    /// <summary>Services: their ports.</summary>
    public IReadOnlyList<ServicePortModel> ServicePorts { get; init; } = [];

    /// <summary>Services that are a DNS name without ports: every port is one.</summary>
    public bool TakesAnyPort { get; init; }

    /// <summary>Whether it says itself how TLS is spoken to it; policies do not apply then.</summary>
    public bool HasOwnTls { get; init; }

    /// <summary>Policies that apply to it.</summary>
    public PolicyChoice Policies { get; init; } = PolicyChoice.None;

    /// <summary>Certificate that is shown to its endpoints; null: none.</summary>
    public ResourceKey? ClientCertificate { get; init; }

    /// <summary>Authorities that its own <c>spec.tls</c> names as PEM; null: the system's.</summary>
    public string? CaPem { get; init; }

    public required Verdict Accepted { get; init; }

    public required Verdict ResolvedRefs { get; init; }

    /// <summary>Why nothing may be sent to it, or null.</summary>
    public Verdict? Problem => !Accepted.IsTrue ? Accepted : !ResolvedRefs.IsTrue ? ResolvedRefs : null;

    /// <summary>A Service's port; of a TCP and a UDP port of one number the one that the kind of route can send to.</summary>
    public ServicePortModel? PortOf(int number, string routeKind)
    {
        ServicePortModel? found = TakesAnyPort ? new ServicePortModel(number, "", routeKind == ResourceKind.UdpRoute ? "UDP" : "TCP", null) : null;
        foreach (var port in ServicePorts)
        {
            if (port.Port == number && (found is null || port.ProtocolFor(routeKind) is not null))
                found = port;
        }
        return found;
    }

    /// <summary>The section that policies know a target by; empty: none.</summary>
    public string SectionOf(BackendTarget target)
    {
        foreach (var port in ServicePorts)
        {
            if (port.Port == target.Port && (port.Protocol == "UDP") == (target.Protocol == "udp"))
                return port.Name;
        }
        return "";
    }

    /// <summary>The policy that says how a target is reached; datagrams are not TLS.</summary>
    public BackendTlsPolicyModel? PolicyFor(BackendTarget target) => HasOwnTls || target.Protocol == "udp" ? null : Policies.For(SectionOf(target));

    public bool IsSame(BackendModel? other) =>
        other is not null && Protocol == other.Protocol && Accepted.Equals(other.Accepted) && ResolvedRefs.Equals(other.ResolvedRefs)
        && HasOwnTls == other.HasOwnTls && Policies.ServesAs(other.Policies) && TakesAnyPort == other.TakesAnyPort && ServicePorts.SequenceEqual(other.ServicePorts)
        && EndpointPorts.SequenceEqual(other.EndpointPorts) && Ports.OrderBy(port => port.Key).SequenceEqual(other.Ports.OrderBy(port => port.Key));
}

/// <summary>A Backend or Service at one of its ports; what a rule sends traffic to.</summary>
/// <param name="Key">Key of the backend entry.</param>
/// <param name="Backend">The object.</param>
/// <param name="Port">Of a Backend: endpoint port that the reference's port maps to; null: the endpoints' own. Of a Service: its port.</param>
/// <param name="Protocol">What is spoken to it; null: what the Backend says.</param>
internal readonly record struct BackendTarget(string Key, ResourceKey Backend, int? Port, string? Protocol = null);
