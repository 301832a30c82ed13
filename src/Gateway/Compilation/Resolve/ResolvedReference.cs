using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Compilation.Resolve;

/// <summary>What tells references to backends of one route apart.</summary>
internal readonly record struct ReferenceKey(string? Group, string? Kind, string? Namespace, string Name, int? Port)
{
    public static ReferenceKey Of(BackendObjectReference reference) => new(reference.Group, reference.Kind, reference.Namespace, reference.Name, reference.Port);
}

/// <summary>What a reference means.</summary>
/// <param name="Target">What it leads to; null: nothing.</param>
/// <param name="Problem">Why it cannot be used; null: it can.</param>
internal sealed record ResolvedReference(BackendTarget? Target, ReferenceProblem? Problem);
