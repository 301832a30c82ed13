using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Projection;

namespace Gatehouse.Sync.Planning;

/// <summary>
/// Who owns which fields, as <c>metadata.managedFields</c> says
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
/// </summary>
internal sealed class ManagedFields
{
    private readonly List<Entry> _entries;

    private ManagedFields(List<Entry> entries) => _entries = entries;

    /// <summary>Whether something was ever applied by us.</summary>
    public bool KnowUs => _entries.Exists(static entry => entry.IsOurs);

    /// <summary>Whether anybody but us wrote something else than status.</summary>
    public bool KnowOthers => _entries.Exists(static entry => !entry.IsOurs && !entry.IsStatus);

    public static ManagedFields Of(JsonObject json)
    {
        var entries = new List<Entry>();
        if (json["metadata"]?["managedFields"] is JsonArray listed)
        {
            foreach (var one in listed.OfType<JsonObject>())
                entries.Add(new Entry(Text(one, "manager"), Text(one, "operation"), Text(one, "subresource"), Text(one, "time"), one["fieldsV1"] as JsonObject));
        }
        return new ManagedFields(entries);
    }

    /// <summary>Whether we own a field and nobody else does: then what differs there is what the server itself makes of our intent.</summary>
    public bool AreOursAlone(FieldPath path)
    {
        var ours = false;
        foreach (var entry in _entries.Where(entry => Owns(entry.Fields, path)))
        {
            if (!entry.IsOurs)
                return false;
            ours = true;
        }
        return ours;
    }

    /// <summary>Whether somebody else owns a field.</summary>
    public bool AreOthers(FieldPath path) => _entries.Exists(entry => !entry.IsOurs && Owns(entry.Fields, path));

    /// <summary>Whoever of the others owns a field; of one that was taken away, whoever wrote last.</summary>
    public string ManagerOf(FieldPath path)
    {
        var owner = _entries.Find(entry => !entry.IsOurs && Owns(entry.Fields, path));
        owner ??= _entries.Where(static entry => !entry.IsOurs && !entry.IsStatus).MaxBy(static entry => entry.Time, StringComparer.Ordinal);
        return owner is { Manager.Length: > 0 } ? owner.Manager : "unknown";
    }

    private static bool Owns(JsonObject? fields, FieldPath path)
    {
        var current = fields;
        foreach (var step in path.Steps)
        {
            if (current is null)
                return false;

            // A leaf stands for all that lies below it: a list or map that is one value.
            if (current.Count == 0)
                return current != fields;
            current = Below(current, step);
        }
        return current is not null;
    }

    private static JsonObject? Below(JsonObject fields, FieldStep step)
    {
        if (step.Member is { } name)
            return fields[$"f:{name}"] as JsonObject;
        if (step.Keys is not { } keys)
            return null;
        foreach (var (key, value) in fields)
        {
            if (key.StartsWith("k:", StringComparison.Ordinal) && JsonNode.Parse(key[2..]) is JsonObject found && found.Count == keys.Count
                && keys.All(pair => JsonNode.DeepEquals(found[pair.Key], pair.Value)))
                return value as JsonObject;
        }
        return null;
    }

    private static string Text(JsonObject json, string name) =>
        json[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    private sealed record Entry(string Manager, string Operation, string Subresource, string Time, JsonObject? Fields)
    {
        public bool IsOurs => Manager == ObjectMarks.FieldManager && Operation == "Apply" && Subresource.Length == 0;

        public bool IsStatus => Subresource == "status";
    }
}
