using System.Globalization;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Projection;

namespace Gatehouse.Sync.Observing;

/// <summary>An object as the cluster has it. Private keys are taken out when it is read: what is kept is the fingerprint of their public half.</summary>
internal sealed class ObservedObject
{
    private const string PrivateKeyField = "tls.key";

    private ObservedObject(JsonObject json) => Json = json;

    /// <summary>The object without private key. Not to be changed.</summary>
    public JsonObject Json { get; }

    /// <summary>SHA-256 of the public key that belongs to a Secret's private key, hexadecimal; null: it has none that can be read.</summary>
    public string? KeyFingerprint { get; private init; }

    public string Uid => Json["metadata"]?["uid"]?.GetValue<string>() ?? "";

    public string ResourceVersion => Json["metadata"]?["resourceVersion"]?.GetValue<string>() ?? "";

    public long? Generation => Json["metadata"]?["generation"]?.GetValue<long>();

    public bool IsBeingDeleted => Json["metadata"]?["deletionTimestamp"] is not null;

    /// <summary>What is read is the caller's no more: its private key is taken out of it.</summary>
    public static ObservedObject Of(JsonObject json)
    {
        if (json["data"] is not JsonObject data || data[PrivateKeyField] is not JsonValue key || !key.TryGetValue<string>(out var encoded))
            return new ObservedObject(json);
        data.Remove(PrivateKeyField);
        return new ObservedObject(json) { KeyFingerprint = KeyFingerprints.OfEncodedPem(encoded) };
    }

    public string? Label(string name) => TextOf(Json["metadata"]?["labels"]?[name]);

    public string? Annotation(string name) => TextOf(Json["metadata"]?["annotations"]?[name]);

    /// <summary>Whether it is marked as made by this installation for this cluster.</summary>
    public bool IsMarked(string owner) => Label(ObjectMarks.ManagedBy) == ObjectMarks.FieldManager && Label(ObjectMarks.Owner) == owner;

    /// <summary>
    /// Whether it is older than another reading of the same object. Resource versions of one object are comparable numbers since Kubernetes
    /// 1.35, and were before in every server known; where they are no numbers, the order of arrival decides.
    /// </summary>
    public bool IsOlderThan(ObservedObject other) =>
        Uid == other.Uid
        && ulong.TryParse(ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var mine)
        && ulong.TryParse(other.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var theirs)
        && mine < theirs;

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
