using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>What is still to do in one <see cref="IncrementalCompiler.Apply"/>; each phase empties its own and fills those after it.</summary>
internal sealed class Work
{
    public HashSet<ClassNode> Classes { get; } = [];

    public HashSet<GatewayNode> Gateways { get; } = [];

    public HashSet<SourceNode> Sources { get; } = [];

    public HashSet<BackendNode> Backends { get; } = [];

    public HashSet<CertificateNode> Certificates { get; } = [];

    public HashSet<ConfigMapNode> ConfigMaps { get; } = [];

    public HashSet<PolicyNode> Policies { get; } = [];

    public HashSet<RouteNode> Routes { get; } = [];

    public HashSet<HostKey> Hosts { get; } = [];

    /// <summary>Backends whose entries may differ.</summary>
    public HashSet<BackendNode> Entries { get; } = [];

    /// <summary>Certificates whose entries may differ.</summary>
    public HashSet<CertificateNode> CertificateEntries { get; } = [];

    /// <summary>Tokens of challenges whose entries may differ.</summary>
    public HashSet<string> Challenges { get; } = new(StringComparer.Ordinal);

    public HashSet<ResourceKey> Statuses { get; } = [];

    public void Mark(IEnumerable<Node> nodes)
    {
        foreach (var node in nodes)
            Mark(node);
    }

    public void Mark(Node node)
    {
        _ = node switch
        {
            ClassNode gatewayClass => Classes.Add(gatewayClass),
            GatewayNode gateway => Gateways.Add(gateway),
            SourceNode source => Sources.Add(source),
            BackendNode backend => Backends.Add(backend),
            CertificateNode certificate => Certificates.Add(certificate),
            ConfigMapNode map => ConfigMaps.Add(map),
            PolicyNode policy => Policies.Add(policy),
            RouteNode route => Routes.Add(route),
            _ => Statuses.Add(node.Key),
        };
    }
}
