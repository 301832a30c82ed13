using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Resources;

/// <summary>What the answer to a write warns of.</summary>
internal static class ResourceWarnings
{
    /// <summary>Conditions that are bad news when they are True.</summary>
    private static readonly string[] Types = ["PartiallyInvalid", "Shadowed", "NoWeight", "UnsupportedFields"];

    /// <summary>The messages of the conditions on what was just written; null: none, or the compiler has not seen it yet.</summary>
    public static IReadOnlyList<string>? Of(ObjectStatus? status, long? generation)
    {
        var messages = (status?.Conditions ?? [])
            .Where(condition => condition.Status == "True" && condition.ObservedGeneration == generation && Types.Contains(condition.Type))
            .Select(condition => condition.Message)
            .ToArray();
        return messages.Length == 0 ? null : messages;
    }
}
