using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Gatehouse.Sync.Planning;

/// <summary>A place in an object: members, entries of keyed lists, and positions in lists that are one value.</summary>
/// <param name="Steps">Steps from the root.</param>
internal sealed record FieldPath(IReadOnlyList<FieldStep> Steps)
{
    public static FieldPath Root { get; } = new([]);

    public FieldPath Member(string name) => new([.. Steps, new FieldStep(name, null, null)]);

    public FieldPath Entry(IReadOnlyDictionary<string, JsonNode?> keys) => new([.. Steps, new FieldStep(null, keys, null)]);

    public FieldPath At(int index) => new([.. Steps, new FieldStep(null, null, index)]);

    /// <summary>As people write it: <c>.spec.rules[0].backendRefs[1].weight</c>, <c>.spec.listeners[name=http].port</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in Steps)
        {
            if (step.Member is { } name)
                text.Append(IsPlain(name) ? $".{name}" : $"[\"{name}\"]");
            else if (step.Keys is { } keys)
                text.Append('[').AppendJoin(',', keys.Select(pair => $"{pair.Key}={pair.Value}")).Append(']');
            else
                text.Append('[').Append((step.Index ?? 0).ToString(CultureInfo.InvariantCulture)).Append(']');
        }
        return text.ToString();
    }

    private static bool IsPlain(string name) => name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}

/// <summary>One step of a path: a member, an entry of a keyed list, or a position.</summary>
/// <param name="Member">Name.</param>
/// <param name="Keys">Key of the entry.</param>
/// <param name="Index">Position.</param>
internal sealed record FieldStep(string? Member, IReadOnlyDictionary<string, JsonNode?>? Keys, int? Index);
