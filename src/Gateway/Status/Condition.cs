namespace Gatehouse.Gateway.Status;

/// <summary>A condition without a clock: who shows it adds <c>lastTransitionTime</c> (https://gateway-api.sigs.k8s.io/reference/spec/).</summary>
/// <param name="Type">For example <c>Accepted</c>.</param>
/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
/// <param name="Reason">CamelCase reason; upstream's where one exists.</param>
/// <param name="Message">For people: who must do what, and what exactly is missing.</param>
/// <param name="ObservedGeneration">Generation of the object that the condition speaks of.</param>
public sealed record Condition(string Type, string Status, string Reason, string Message, long ObservedGeneration)
{
    /// <summary>Whether the status is <c>True</c>.</summary>
    public bool IsTrue => Status == "True";
}
