using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Resources;

/// <summary>What the answer to a write warns of.</summary>
internal static class ResourceWarnings
{
    /// <summary>Conditions that are bad news when they are True.</summary>
    private static readonly string[] Types = ["PartiallyInvalid", "Shadowed", "NoWeight", "UnsupportedFields"];

    /// <summary>What was told when it was written, and the messages of the conditions on it as far as the compiler has seen it; null: none.</summary>
    public static IReadOnlyList<string>? Of(IReadOnlyList<string> told, ObjectStatus? status, long? generation)
    {
        var messages = told.Concat((status?.Conditions ?? [])
            .Where(condition => condition.Status == "True" && condition.ObservedGeneration == generation && Types.Contains(condition.Type))
            .Select(condition => condition.Message))
            .ToArray();
        return messages.Length == 0 ? null : messages;
    }
}
