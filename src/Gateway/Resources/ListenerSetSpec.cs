namespace Gatehouse.Gateway.Resources;

/// <summary>ListenerSet spec (https://gateway-api.sigs.k8s.io/reference/spec/#listenersetspec).</summary>
public sealed record ListenerSetSpec
{
    /// <summary>The Gateway that takes the listeners; sectionName and port are not used.</summary>
    public required ParentReference ParentRef { get; init; }

    /// <summary>1–64 listeners.</summary>
    public required IReadOnlyList<Listener> Listeners { get; init; }
}
