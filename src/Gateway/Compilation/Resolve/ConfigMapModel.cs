using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>A ConfigMap as a bundle of authorities.</summary>
internal sealed record ConfigMapModel
{
    public required ResourceKey Key { get; init; }

    /// <summary>The authorities of <c>ca.crt</c> as PEM, nothing but certificates; empty if there is a <see cref="Problem"/>.</summary>
    public string CaPem { get; init; } = "";

    /// <summary>Why it holds no usable authorities; null: it does.</summary>
    public string? Problem { get; init; }

    public bool IsUsable => Problem is null;

    public bool IsSame(ConfigMapModel? other) =>
        other is not null && Key == other.Key && CaPem == other.CaPem && Problem == other.Problem;
}
