namespace Gatehouse.Gateway.Projection.Gateways;

/// <summary>Where a listener is in the cluster.</summary>
/// <param name="Parent">The Gateway or ListenerSet that has it.</param>
/// <param name="Section">Its name there.</param>
/// <param name="Port">Its port there.</param>
/// <param name="IsAlone">Whether all listeners of the parent are of the same stored object: a reference to the parent means those.</param>
internal sealed record ListenerPlace(ProjectedId Parent, string Section, int Port, bool IsAlone);
