using System.Text.Json;

namespace Gatehouse.Gateway.Validation.Reading;

/// <summary>
/// Reads the fields of one JSON object into a record and reports everything that is wrong on the way. What is never asked for
/// is an unknown field, so a record's reader is its schema. After an error a placeholder is returned and reading goes on: an
/// empty text or object where something is required, the text as it was written where only its form is wrong. Explicit null
/// means absent, as in Kubernetes.
/// </summary>
internal sealed partial class ObjectReader
{
    private readonly Dictionary<string, JsonElement> fields = new(StringComparer.Ordinal);
    private readonly List<string> known = [];
    private readonly Location location;
    private readonly ErrorList errors;

    private ObjectReader(Location location, ErrorList errors) => (this.location, this.errors) = (location, errors);

    /// <summary>Reads one object; of a value that is no object only the error is kept.</summary>
    public static T Read<T>(JsonElement element, Location location, ErrorList errors, Func<ObjectReader, T> read)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add(location, ErrorCodes.InvalidType, $"Must be an object, not {JsonText.Describe(element)}.");
            return Placeholder(read);
        }
        var reader = new ObjectReader(location, errors);
        reader.Open(element);
        var value = read(reader);
        reader.ReportUnknown();
        return value;
    }

    /// <summary>Reports an error of this object or of something below it.</summary>
    public void Report(string code, string message, params ReadOnlySpan<Step> at) => errors.Add(location.Then(at), code, message);

    /// <summary>Reports every item whose key an earlier item has; items with a null key are passed over.</summary>
    public void RequireUnique<T, TKey>(string name, IReadOnlyList<T>? items, Func<T, TKey?> key, string message)
    {
        var seen = new HashSet<TKey>();
        for (var i = 0; i < items?.Count; i++)
        {
            if (key(items[i]) is { } value && !seen.Add(value))
                Report(ErrorCodes.Duplicate, message, name, i);
        }
    }

    /// <summary>Whether a field is there and not null, right or wrong.</summary>
    public bool IsSet(string name) => fields.TryGetValue(name, out var element) && element.ValueKind != JsonValueKind.Null;

    /// <summary>A union's rule: <paramref name="payload"/> is set if and only if the discriminator has the value that names it.</summary>
    public void RequirePayload(string discriminator, string actual, string expected, string payload)
    {
        if (actual == expected && !IsSet(payload))
            Report(ErrorCodes.Required, $"Field '{payload}' is required when '{discriminator}' is {expected}.", payload);
        else if (actual != expected && IsSet(payload))
            Report(ErrorCodes.NotAllowed, $"Remove '{payload}', or set '{discriminator}' to {expected}: it is {actual}.", payload);
    }

    /// <summary>What <paramref name="read"/> makes of an empty object, without errors.</summary>
    private static T Placeholder<T>(Func<ObjectReader, T> read) => read(new ObjectReader(Location.Root, new ErrorList(0)));

    private void Open(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (errors.IsFull)
                return;
            if (JsonText.TryGetName(property) is not { } name || !SafeText.IsStorable(name))
                Report(ErrorCodes.InvalidCharacters, "A field name here is not valid text. " + SafeText.NotStorable);
            else if (!fields.TryAdd(name, property.Value))
                Report(ErrorCodes.DuplicateField, $"Field {SafeText.Quote(name)} occurs more than once; keep one.", name);
        }
    }

    /// <summary>The value of a field that is set.</summary>
    private bool TryTake(string name, out JsonElement element)
    {
        known.Add(name);
        return fields.TryGetValue(name, out element) && element.ValueKind != JsonValueKind.Null;
    }

    private void ReportMissing(string name) => Report(ErrorCodes.Required, $"Field '{name}' is required.", name);

    private void ReportType(Location at, string expected, JsonElement element) =>
        errors.Add(at, ErrorCodes.InvalidType, $"Must be {expected}, not {JsonText.Describe(element)}.");

    private void ReportUnknown()
    {
        foreach (var name in fields.Keys.Except(known))
        {
            if (errors.IsFull)
                return;
            var advice = NearestName.Find(name, known) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"the fields here are {string.Join(", ", known)}.";
            Report(ErrorCodes.UnknownField, $"There is no field {SafeText.Quote(name)}; {advice}", name);
        }
    }
}
