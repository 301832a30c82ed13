using System.Globalization;

namespace Gatehouse.Gateway.Ingresses.Annotations;

/// <summary>The annotations of ingress-nginx on one Ingress, by their names without prefix. Each gets exactly one verdict.</summary>
internal sealed class AnnotationBag(IReadOnlyDictionary<string, string> annotations, IngressNotes notes)
{
    /// <summary>https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/</summary>
    public const string Prefix = "nginx.ingress.kubernetes.io/";

    private readonly HashSet<string> judged = new(StringComparer.Ordinal);

    public bool Has(string name) => annotations.ContainsKey(Prefix + name);

    /// <summary>The value without surrounding space; null: there is none, or it is empty.</summary>
    public string? Text(string name) =>
        annotations.TryGetValue(Prefix + name, out var value) && value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Go's booleans; what is none counts as absent there, and is judged so.</summary>
    public bool? Flag(string name)
    {
        if (!Has(name))
            return null;
        switch (Text(name))
        {
            case "1" or "t" or "T" or "true" or "TRUE" or "True":
                return true;
            case "0" or "f" or "F" or "false" or "FALSE" or "False":
                return false;
            default:
                Ignore(name, "It is neither true nor false, so ingress-nginx passes over it as well.");
                return null;
        }
    }

    /// <summary>A number; what is none counts as absent there, and is judged so.</summary>
    public int? Number(string name)
    {
        if (!Has(name))
            return null;
        if (int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        Ignore(name, "It is not a number, so ingress-nginx passes over it as well.");
        return null;
    }

    /// <summary>Items of a comma-separated list.</summary>
    public IReadOnlyList<string> List(string name) =>
        (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public void Exact(string name, string message) => Judge(name, notes.Say, message);

    public void Differ(string name, string message) => Judge(name, notes.Differ, message);

    public void Ignore(string name, string message) => Judge(name, notes.Ignore, message);

    /// <summary>The Ingress works without it.</summary>
    public void Refuse(string name, string message) => Judge(name, notes.Refuse, message);

    /// <summary>The Ingress must not be stored without it.</summary>
    public void Block(string name, string message) => Judge(name, notes.Block, message);

    /// <summary>Annotations of ingress-nginx that nothing judged, by name.</summary>
    public IEnumerable<string> Unjudged() => annotations.Keys
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..])
        .Where(name => !judged.Contains(name)).Order(StringComparer.Ordinal).ToList();

    private void Judge(string name, Action<string, string> say, string message)
    {
        if (Has(name) && judged.Add(name))
            say(IngressNotes.Annotation(Prefix + name), message);
    }
}
