using Gatehouse.Gateway.Compilation.Conflict;
using Gatehouse.Gateway.Compilation.Order;
using Gatehouse.Gateway.Compilation.Resolve;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>An object with what was made of it.</summary>
internal abstract class Node(ResourceKey key)
{
    // Nodes are equal by reference and lie in many sets; the runtime's own hash for that costs a call each.
    private readonly int _hash = key.GetHashCode();

    public ResourceKey Key { get; } = key;

    public sealed override int GetHashCode() => _hash;

    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public Footprint Footprint { get; set; } = Footprint.None;

    /// <summary>Set while the compiler fails on the object: its last good result stays.</summary>
    public string? Failure { get; set; }
}

/// <summary>A GatewayClass.</summary>
internal sealed class ClassNode(ResourceKey key) : Node(key)
{
    public Resource<GatewayClassSpec>? Resource { get; set; }

    public ClassModel? Model { get; set; }
}

/// <summary>An object of which nothing is made: others read it as it is.</summary>
internal sealed class PlainNode<TSpec>(ResourceKey key) : Node(key)
    where TSpec : class
{
    public Resource<TSpec>? Resource { get; set; }
}

/// <summary>A Gateway without its listeners.</summary>
internal sealed class GatewayNode(ResourceKey key) : Node(key)
{
    public Resource<GatewaySpec>? Resource { get; set; }

    /// <summary>As resolved alone; what the address shares is still open.</summary>
    public GatewayModel? Resolved { get; set; }

    public GatewayModel? Model { get; set; }
}

/// <summary>A Gateway, ListenerSet or Hostname as a source of listeners.</summary>
internal sealed class SourceNode(ResourceKey key) : Node(key)
{
    public Resource? Resource { get; set; }

    public SourceModel? Model { get; set; }

    public IReadOnlyList<ListenerState> Listeners { get; set; } = [];

    public Topic Topic => TopicOf(Key);

    public static Topic TopicOf(ResourceKey key) => new(
        key.Kind switch
        {
            ResourceKind.Gateway => TopicKind.GatewayListeners,
            ResourceKind.ListenerSet => TopicKind.ListenerSetListeners,
            _ => TopicKind.HostnameListeners,
        },
        key.Tenant,
        key.Name);
}

/// <summary>A route of any kind.</summary>
internal sealed class RouteNode(ResourceKey key) : Node(key)
{
    private static readonly IReadOnlyDictionary<string, RouteNode> Nobody = new Dictionary<string, RouteNode>();

    public Resource? Resource { get; set; }

    /// <summary>As compiled alone, without regard to routes of other kinds.</summary>
    public CompiledRoute? Alone { get; set; }

    /// <summary>Routes of another kind that win over it, by listener.</summary>
    public IReadOnlyDictionary<string, RouteNode> Winners { get; set; } = Nobody;

    /// <summary>What is in force.</summary>
    public CompiledRoute? Compiled { get; set; }

    public void ForgetWinners() => Winners = Nobody;
}

/// <summary>A Backend or Service.</summary>
internal sealed class BackendNode(ResourceKey key) : Node(key)
{
    public Resource? Resource { get; set; }

    public Topic Topic => TopicOf(Key);

    public static Topic TopicOf(ResourceKey key) => new(key.Kind == ResourceKind.Service ? TopicKind.Service : TopicKind.Backend, key.Tenant, key.Name);

    public BackendModel? Model { get; set; }

    /// <summary>Where it is in use.</summary>
    public List<BackendUse> Uses { get; } = [];

    /// <summary>Client certificates that its entries show, by pool.</summary>
    public List<(string Pool, ResourceKey Certificate)> ClientCertificates { get; set; } = [];
}

/// <summary>A BackendTLSPolicy.</summary>
internal sealed class PolicyNode(ResourceKey key) : Node(key)
{
    public Resource<BackendTlsPolicySpec>? Resource { get; set; }

    public BackendTlsPolicyModel? Model { get; set; }
}

/// <summary>A backend in use in a pool, reached through a Gateway.</summary>
internal sealed class BackendUse(string pool, ResourceKey gateway, BackendTarget target)
{
    public string Pool => pool;

    public ResourceKey Gateway => gateway;

    public BackendTarget Target => target;

    /// <summary>Routes that send traffic to it.</summary>
    public int Routes { get; set; }
}

/// <summary>A Certificate.</summary>
internal sealed class CertificateNode(ResourceKey key) : Node(key)
{
    public Resource<CertificateSpec>? Resource { get; set; }

    public CertificateModel? Model { get; set; }

    /// <summary>By pool: how many listeners and backends use it.</summary>
    public Dictionary<string, int> Uses { get; } = new(StringComparer.Ordinal);
}

/// <summary>A ConfigMap.</summary>
internal sealed class ConfigMapNode(ResourceKey key) : Node(key)
{
    public Resource<ConfigMapSpec>? Resource { get; set; }

    public ConfigMapModel? Model { get; set; }
}

/// <summary>A ReferenceGrant, which reads nothing.</summary>
internal sealed class GrantNode(ResourceKey key) : Node(key)
{
    public Resource<ReferenceGrantSpec>? Resource { get; set; }
}
