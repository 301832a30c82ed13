using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Gateway.Projection;

/// <summary>Writes manifests with the marks that all our objects have.</summary>
internal static class ObjectWriter
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Builds an object. Fields are written in a fixed order, so equal content gives equal bytes.</summary>
    public static ProjectedObject Write(ObjectDraft draft, Guid owner)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal) { [ObjectMarks.Source] = draft.Source.ToString() };
        foreach (var (key, value) in draft.Annotations)
            annotations[key] = value;
        var metadata = new JsonObject { ["name"] = draft.Id.Name };
        if (draft.Id.Namespace is { } ns)
            metadata["namespace"] = ns;
        metadata["labels"] = Map(LabelsOf(draft, owner));
        metadata["annotations"] = Map(annotations);
        var manifest = new JsonObject { ["apiVersion"] = draft.Id.ApiVersion, ["kind"] = draft.Id.Kind, ["metadata"] = metadata };
        foreach (var (name, value) in draft.Content)
            manifest[name] = value;
        var hash = HashOf(manifest);
        ((JsonObject)metadata["annotations"]!)[ObjectMarks.Hash] = hash;
        return new ProjectedObject
        {
            Id = draft.Id,
            Manifest = manifest,
            Source = draft.Source,
            SourceGeneration = draft.SourceGeneration,
            Hash = hash,
            RepairsDrift = draft.RepairsDrift,
            ExternalWeights = draft.ExternalWeights,
            PrivateKeyOf = draft.PrivateKeyOf,
        };
    }

    /// <summary>A value as Gateway API writes it.</summary>
    public static JsonNode Node(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), SpecJson.Options)!;

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> values)
    {
        var map = new JsonObject();
        foreach (var (key, value) in values)
            map[key] = value;
        return map;
    }

    private static SortedDictionary<string, string> LabelsOf(ObjectDraft draft, Guid owner)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ObjectMarks.ManagedBy] = ObjectMarks.FieldManager,
            [ObjectMarks.Owner] = owner.ToString("D"),
            [ObjectMarks.Tenant] = draft.Tenant,
        };
        foreach (var (key, value) in draft.Labels)
            labels[key] = value;
        return labels;
    }

    private static string HashOf(JsonObject manifest) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(manifest, Compact)));
}

/// <summary>An object to write.</summary>
internal sealed record ObjectDraft
{
    public required ProjectedId Id { get; init; }

    public required ResourceKey Source { get; init; }

    public required long SourceGeneration { get; init; }

    /// <summary>Tenant whose Namespace it lies in.</summary>
    public required string Tenant { get; init; }

    /// <summary>What follows the metadata, in order.</summary>
    public required IReadOnlyList<(string Name, JsonNode Value)> Content { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public bool RepairsDrift { get; init; } = true;

    public bool ExternalWeights { get; init; }

    public ResourceKey? PrivateKeyOf { get; init; }
}
