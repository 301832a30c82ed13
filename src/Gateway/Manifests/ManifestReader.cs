using System.Globalization;
using System.Text.Json;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Manifests;

/// <summary>Reads what all objects have: apiVersion, kind and metadata. What is wrong with them is in <see cref="Manifest.Problems"/>.</summary>
public sealed class ManifestReader
{
    private const int MaxShown = 253;
    private const int MaxEntries = 256;

    /// <summary>What a server owns, and what only Kubernetes acts on.</summary>
    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal)
    {
        "uid", "resourceVersion", "generation", "managedFields", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds",
        "ownerReferences", "finalizers", "generateName", "clusterName", "creationTimestamp", "name", "namespace", "labels", "annotations",
    };

    /// <summary>kubectl's own note of what it sent; meaningless elsewhere.</summary>
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private readonly List<string> problems = [];
    private readonly List<string> omissions = [];

    private ManifestReader()
    {
    }

    /// <summary>Reads an object; never throws on what a user can send.</summary>
    /// <param name="root">The object, without repeated fields and without text that cannot be stored.</param>
    /// <param name="line">Line that it begins at.</param>
    /// <param name="problems">What was found wrong before.</param>
    public static Manifest Read(JsonElement root, int line, IReadOnlyList<string>? problems = null)
    {
        var reader = new ManifestReader();
        reader.problems.AddRange(problems ?? []);
        return reader.Read(root, line);
    }

    private Manifest Read(JsonElement root, int line)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"A manifest is an object with apiVersion, kind and metadata, not {JsonText.Describe(root)}.");
            return new Manifest { Root = root, Line = line, Problems = problems };
        }
        var apiVersion = Text(root, "apiVersion", "/apiVersion", required: true) ?? "";
        var kind = Text(root, "kind", "/kind", required: true) ?? "";
        var metadata = root.TryGetProperty("metadata", out var written) && written.ValueKind == JsonValueKind.Object ? written : default;
        if (metadata.ValueKind == JsonValueKind.Undefined)
            problems.Add("/metadata: must be an object with at least a name.");
        var slash = apiVersion.LastIndexOf('/');
        var manifest = new Manifest
        {
            Root = root,
            Line = line,
            Group = slash < 0 ? "" : Shown(apiVersion[..slash]),
            Version = Shown(apiVersion[(slash + 1)..]),
            Kind = Shown(kind),
            Namespace = Namespace(metadata),
            Name = Shown(Text(metadata, "name", "/metadata/name", required: metadata.ValueKind == JsonValueKind.Object) ?? ""),
            Labels = Map(metadata, "labels", ObjectNames.ValidateLabels),
            Annotations = Map(metadata, "annotations", ObjectNames.ValidateAnnotations),
            CreatedAt = CreatedAt(metadata),
            Problems = problems,
            Omissions = omissions,
        };
        CheckName(manifest);
        FindUnknown(metadata);
        return manifest;
    }

    private void CheckName(Manifest manifest)
    {
        if (manifest.Name.Length == 0)
            return;
        // Hostname objects are named by the rules of DNS names, wildcards included.
        var kind = manifest.Group == ResourceKind.GatehouseGroup ? manifest.Kind : "";
        var errors = manifest.IsNamespace ? ObjectNames.ValidateTenantName(manifest.Name) : ObjectNames.ValidateName(kind, manifest.Name);
        foreach (var error in errors)
            problems.Add($"/metadata/name: {error.Message}");
    }

    private string? Namespace(JsonElement metadata)
    {
        if (Text(metadata, "namespace", "/metadata/namespace", required: false) is not { Length: > 0 } name)
            return null;
        foreach (var error in ObjectNames.ValidateTenantName(name))
            problems.Add($"/metadata/namespace: {error.Message}");
        return Shown(name);
    }

    private static DateTimeOffset? CreatedAt(JsonElement metadata) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("creationTimestamp", out var value) && value.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    private void FindUnknown(JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in metadata.EnumerateObject().Where(static property => !PassedOver.Contains(property.Name)).Take(MaxEntries))
            omissions.Add($"/metadata/{SafeText.Shorten(property.Name, MaxShown)}: there is no such field; it was left out.");
    }

    private string? Text(JsonElement parent, string name, string pointer, bool required)
    {
        if (parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            if (value.ValueKind == JsonValueKind.String && JsonText.TryGetText(value) is { Length: > 0 } text)
                return text;
            problems.Add(value.ValueKind == JsonValueKind.String ? $"{pointer}: must not be empty." : $"{pointer}: must be text, not {JsonText.Describe(value)}; quote it.");
        }
        else if (required)
        {
            problems.Add($"{pointer}: is missing.");
        }
        return null;
    }

    private SortedDictionary<string, string> Map(
        JsonElement metadata, string name, Func<IReadOnlyDictionary<string, string>, IReadOnlyList<ValidationError>> validate)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (metadata.ValueKind != JsonValueKind.Object || !metadata.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return map;
        if (value.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"/metadata/{name}: must be an object of texts, not {JsonText.Describe(value)}.");
            return map;
        }
        foreach (var entry in value.EnumerateObject())
        {
            if (entry.Name == LastApplied)
                continue;
            if (entry.Value.ValueKind == JsonValueKind.String && JsonText.TryGetText(entry.Value) is { } text)
                map[entry.Name] = text;
            else
                problems.Add($"/metadata/{name}/{SafeText.Shorten(entry.Name, MaxShown)}: must be text, not {JsonText.Describe(entry.Value)}; quote it.");
        }
        if (map.Count > MaxEntries)
            problems.Add($"/metadata/{name}: must have at most {MaxEntries} entries; it has {map.Count}.");
        else
            problems.AddRange(validate(map).Select(static error => $"/metadata{error.Pointer}: {error.Message}"));
        return map;
    }

    /// <summary>Names go back in answers: nothing longer than a name can be.</summary>
    private static string Shown(string text) => SafeText.Shorten(text, MaxShown + 1);
}
