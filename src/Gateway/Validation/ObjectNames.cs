using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation.Kinds;
using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Validation;

/// <summary>A normalized name, and what is wrong with it.</summary>
/// <param name="Name">The normalized name; empty if there are errors.</param>
/// <param name="Errors">Errors with pointer <c>/name</c>.</param>
public sealed record NameResult(string Name, IReadOnlyList<ValidationError> Errors);

/// <summary>Rules for what stands outside of <c>spec</c>: names, labels and annotations (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).</summary>
public static class ObjectNames
{
    /// <summary>Most bytes of all annotations of an object together, keys and values.</summary>
    public const int MaxAnnotationBytes = 256 * 1024;

    private const int MaxPrefix = 253;
    private const string NamePointer = "/name";

    /// <summary>Name of an object: a DNS-1123 subdomain of at most 253 characters; for a Hostname the normalized DNS name, for a Cluster a label.</summary>
    public static IReadOnlyList<ValidationError> ValidateName(string kind, string name)
    {
        if (kind == ResourceKind.Hostname)
        {
            var result = NormalizeHostname(name);
            return result.Errors.Count > 0 || result.Name == name
                ? result.Errors
                : [new(NamePointer, ErrorCodes.InvalidFormat, $"Write the name in its normalized form {SafeText.Quote(result.Name)}.")];
        }
        return Check(NamePointer, name, kind == ResourceKind.Cluster ? NameFormat.Label : NameFormat.Subdomain);
    }

    /// <summary>Name of a tenant: a DNS-1123 label of at most 63 characters, as a Kubernetes namespace.</summary>
    public static IReadOnlyList<ValidationError> ValidateTenantName(string name) => Check(NamePointer, name, NameFormat.Label);

    /// <summary>Lower case without trailing dot; DNS names of at least two labels, exact or with <c>*</c> as the leftmost label, never addresses.</summary>
    public static NameResult NormalizeHostname(string name)
    {
        var bare = name.EndsWith('.') ? name[..^1] : name;
        // Only ASCII is lowered: the Kelvin sign must not become a k.
        var normalized = System.Text.Ascii.IsValid(bare) ? bare.ToLowerInvariant() : bare;
        return HostnameRules.Problem(normalized) is { } problem
            ? new("", [new(NamePointer, ErrorCodes.InvalidFormat, problem)])
            : new(normalized, []);
    }

    /// <summary>Labels: keys and values by Kubernetes' rules; pointers are <c>/labels/KEY</c>.</summary>
    public static IReadOnlyList<ValidationError> ValidateLabels(IReadOnlyDictionary<string, string> labels)
    {
        var errors = new List<ValidationError>();
        foreach (var (key, value) in labels)
        {
            var pointer = Location.Root.Then("labels", key).ToString();
            errors.AddRange(CheckKey(pointer, key));
            errors.AddRange(Check(pointer, value, NameFormat.LabelValue));
        }
        return errors.Take(SpecValidator.MaxErrors).ToList();
    }

    /// <summary>Annotations: keys as labels' keys, any text as values, bounded together; pointers are <c>/annotations/KEY</c>.</summary>
    public static IReadOnlyList<ValidationError> ValidateAnnotations(IReadOnlyDictionary<string, string> annotations)
    {
        var errors = new List<ValidationError>();
        var bytes = 0L;
        foreach (var (key, value) in annotations)
        {
            bytes += System.Text.Encoding.UTF8.GetByteCount(key) + System.Text.Encoding.UTF8.GetByteCount(value);
            var pointer = Location.Root.Then("annotations", key).ToString();
            // Keys are compared in lower case: Kubernetes lets annotations' prefixes have capitals.
            errors.AddRange(CheckKey(pointer, System.Text.Ascii.IsValid(key) ? key.ToLowerInvariant() : key));
            if (!SafeText.IsStorable(value))
                errors.Add(new(pointer, ErrorCodes.InvalidCharacters, SafeText.NotStorable));
        }
        if (bytes > MaxAnnotationBytes)
            errors.Add(new("/annotations", ErrorCodes.TooLong, $"All annotations together may have {MaxAnnotationBytes} bytes, keys included; they have {bytes}."));
        return errors.Take(SpecValidator.MaxErrors).ToList();
    }

    private static IReadOnlyList<ValidationError> CheckKey(string pointer, string key) =>
        key.IndexOf('/', StringComparison.Ordinal) > MaxPrefix
            ? [new(pointer, ErrorCodes.TooLong, $"The part before '/' must have at most {MaxPrefix} characters.")]
            : Check(pointer, key, NameFormat.QualifiedName);

    private static IReadOnlyList<ValidationError> Check(string pointer, string text, TextRule format) =>
        format.Check(text) is { } problem ? [new(pointer, problem.Code, problem.Message)] : [];
}
