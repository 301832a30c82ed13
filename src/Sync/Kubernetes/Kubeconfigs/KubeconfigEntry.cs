using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.ServiceDefaults;
using Gatehouse.Sync.Kubernetes.Access;

namespace Gatehouse.Sync.Kubernetes.Kubeconfigs;

/// <summary>A cluster, user or context of a kubeconfig, or an object inside one.</summary>
/// <param name="Fields">Its fields.</param>
/// <param name="Path">Where it is, for messages.</param>
/// <param name="Directory">What relative paths start from; null: the kubeconfig is no file.</param>
internal sealed record KubeconfigEntry(JsonObject Fields, string Path, string? Directory)
{
    /// <summary>Text of a field; null: absent or empty.</summary>
    public string? Text(string field)
    {
        switch (Fields[field])
        {
            case null:
                return null;
            case JsonValue value:
                var text = value.ToString();
                return text.Length == 0 ? null : text;
            default:
                throw new KubeconfigException($"{Path}.{field} must be text.");
        }
    }

    /// <summary>A field that is true or false; absent: false.</summary>
    public bool Flag(string field) => Fields[field] switch
    {
        null => false,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => throw new KubeconfigException($"{Path}.{field} must be true or false."),
    };

    /// <summary>An object inside; null: absent.</summary>
    public KubeconfigEntry? Inner(string field) => Fields[field] switch
    {
        null => null,
        JsonObject inner => new KubeconfigEntry(inner, $"{Path}.{field}", Directory),
        _ => throw new KubeconfigException($"{Path}.{field} must be an object."),
    };

    /// <summary>A list of objects inside; absent: none.</summary>
    public IReadOnlyList<KubeconfigEntry> List(string field) => Fields[field] switch
    {
        null => [],
        JsonArray list => [.. list.Select((item, index) => item is JsonObject inner
            ? new KubeconfigEntry(inner, $"{Path}.{field}[{index}]", Directory)
            : throw new KubeconfigException($"{Path}.{field}[{index}] must be an object."))],
        _ => throw new KubeconfigException($"{Path}.{field} must be a list."),
    };

    /// <summary>What a pair of fields such as <c>client-key-data</c> (base64) and <c>client-key</c> (a file) holds; the data win, as in kubectl.</summary>
    public TextSource? Material(string field, KubeconfigRules rules)
    {
        if (Text(field + "-data") is not { } encoded)
            return File(field, rules, $"{field}-data");
        try
        {
            return TextSource.Inline(Encoding.UTF8.GetString(Convert.FromBase64String(encoded)));
        }
        catch (FormatException)
        {
            throw new KubeconfigException($"{Path}.{field}-data is not base64.");
        }
    }

    /// <summary>The file that a field names.</summary>
    /// <param name="field">Field.</param>
    /// <param name="rules">Rules.</param>
    /// <param name="instead">Field that holds the content itself.</param>
    public TextSource? File(string field, KubeconfigRules rules, string instead)
    {
        if (Text(field) is not { } file)
            return null;
        if (!rules.AllowFiles)
            throw new KubeconfigException($"{Path}.{field} names a file, which an uploaded kubeconfig may not: put its content into {instead} (kubectl config view --flatten does).");
        return TextSource.File(Resolve(file, field), $"{Path}.{field}");
    }

    /// <summary>A path from the kubeconfig's directory.</summary>
    public string Resolve(string path, string field)
    {
        if (System.IO.Path.IsPathRooted(path))
            return path;
        return Directory is null
            ? throw new KubeconfigException($"{Path}.{field} is a relative path, and this kubeconfig is no file: give the whole path.")
            : System.IO.Path.GetFullPath(System.IO.Path.Combine(Directory, path));
    }

    /// <summary>A secret text of a field.</summary>
    public Secret? Secret(string field) => ServiceDefaults.Secret.OfNullable(Text(field));
}
