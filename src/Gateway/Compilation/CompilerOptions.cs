using Gatehouse.Gateway.Matching;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation;

/// <summary>Settings that change what the compiler says; the same inputs and options always give the same result.</summary>
public sealed record CompilerOptions
{
    /// <summary>
    /// Whether a hostname serves on shared addresses only for the tenant with a verified claim that covers it. Off: no
    /// claim is needed, but another tenant's verified claim still wins.
    /// </summary>
    public bool HostnameVerification { get; init; } = true;

    /// <summary>What the data planes of this version can do.</summary>
    public TargetCapabilities Capabilities { get; init; } = TargetCapabilities.DataPlane;

    /// <summary>Lets tests make the compiler fail on an object.</summary>
    internal Action<ResourceKey>? BeforeObject { get; init; }

    /// <summary>Lets tests make the compiler fail on a rule.</summary>
    internal Action<RuleSource>? BeforeRule { get; init; }
}
