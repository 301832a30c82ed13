namespace Gatehouse.Gateway.Resources;

/// <summary>What a route or ListenerSet attaches to (https://gateway-api.sigs.k8s.io/reference/spec/#parentreference).</summary>
public sealed record ParentReference
{
    /// <summary>Default <c>gateway.networking.k8s.io</c>.</summary>
    public string? Group { get; init; }

    /// <summary>Default <c>Gateway</c>; or <c>ListenerSet</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Default: the tenant of the referring object.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name of the parent.</summary>
    public required string Name { get; init; }

    /// <summary>Name of one listener of the parent.</summary>
    public string? SectionName { get; init; }

    /// <summary>Listener port of the parent, 1–65535.</summary>
    public int? Port { get; init; }
}
