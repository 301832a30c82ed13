using System.Collections.Frozen;

namespace Gatehouse.Gateway.Compilation;

/// <summary>What a target can do. What it cannot do becomes a condition; it is never dropped silently.</summary>
public sealed record TargetCapabilities
{
    /// <summary>Listener protocols.</summary>
    public required IReadOnlySet<string> Protocols { get; init; }

    /// <summary>HTTPRoute filter types.</summary>
    public required IReadOnlySet<string> HttpFilters { get; init; }

    /// <summary>Whether <c>rules[].retry</c> is done.</summary>
    public bool Retry { get; init; }

    /// <summary>Whether <c>rules[].sessionPersistence</c> is done.</summary>
    public bool SessionPersistence { get; init; }

    /// <summary>The data plane of this version.</summary>
    public static TargetCapabilities DataPlane { get; } = new()
    {
        Protocols = FrozenSet.Create("HTTP", "HTTPS", "TLS", "TCP", "UDP"),
        HttpFilters = FrozenSet.Create("RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "RequestMirror", "CORS", "ExternalAuth"),
        Retry = true,
        SessionPersistence = true,
    };
}
