using System.Text.Json;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.Bodies;

/// <summary>Takes a JSON object apart and collects everything that is wrong with it.</summary>
internal sealed class BodyFields
{
    /// <summary>More labels or annotations than this are no metadata.</summary>
    private const int MaxEntries = 256;

    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly List<FieldError> _errors = [];

    private BodyFields()
    {
    }

    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>Takes an object apart: unknown and repeated fields are errors, ignored ones are not looked at.</summary>
    public static BodyFields Of(JsonElement body, IReadOnlyCollection<string> known, IReadOnlyCollection<string> ignored)
    {
        var fields = new BodyFields();
        if (body.ValueKind != JsonValueKind.Object)
        {
            fields.AddError(new FieldError("", ErrorCodes.InvalidType, "The body is a JSON object."));
            return fields;
        }
        foreach (var property in body.EnumerateObject())
        {
            var pointer = Pointer.Append("", property.Name);
            if (ignored.Contains(property.Name))
                continue;
            if (!known.Contains(property.Name))
                fields.AddError(new FieldError(pointer, ErrorCodes.UnknownField, $"There is no such field; known are {string.Join(", ", known)}."));
            else if (!fields._fields.TryAdd(property.Name, property.Value))
                fields.AddError(new FieldError(pointer, ErrorCodes.DuplicateField, "The field occurs twice."));
        }
        return fields;
    }

    public void AddError(FieldError error)
    {
        if (_errors.Count < SpecValidator.MaxErrors)
            _errors.Add(error);
    }

    /// <summary>Adds errors of a part of the body.</summary>
    public void AddErrors(string prefix, IEnumerable<ValidationError> errors)
    {
        foreach (var error in errors)
            AddError(new FieldError(prefix + error.Pointer, error.Code, error.Message));
    }

    /// <summary>The value of a field; null and absent are the same.</summary>
    public JsonElement? Get(string name) =>
        _fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The text of a field, or null.</summary>
    public string? Text(string name, int maxLength = 1024)
    {
        if (Get(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            AddError(new FieldError("/" + name, ErrorCodes.InvalidType, "Write text."));
            return null;
        }
        var text = value.GetString()!;
        if (text.Length > maxLength)
            AddError(new FieldError("/" + name, ErrorCodes.TooLong, $"Must have at most {maxLength} characters."));
        return text;
    }

    /// <summary>The text of a field that has to be there.</summary>
    public string RequiredText(string name, int maxLength = 1024)
    {
        var before = _errors.Count;
        var text = Text(name, maxLength);
        if (string.IsNullOrEmpty(text) && _errors.Count == before)
            AddError(new FieldError("/" + name, ErrorCodes.Required, $"Write the {name}."));
        return text ?? "";
    }

    /// <summary>The value of a field that is true or false, or null.</summary>
    public bool? Flag(string name)
    {
        if (Get(name) is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        AddError(new FieldError("/" + name, ErrorCodes.InvalidType, "Write true or false."));
        return null;
    }

    /// <summary>The time of a field, or null.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Get(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time))
            return time.ToUniversalTime();
        AddError(new FieldError("/" + name, ErrorCodes.InvalidFormat, "Write a time as in RFC 3339, such as 2030-01-31T12:00:00Z."));
        return null;
    }

    /// <summary>A map of texts; absent is empty.</summary>
    public IReadOnlyDictionary<string, string> Map(string name, Func<IReadOnlyDictionary<string, string>, IEnumerable<ValidationError>> validate)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Get(name) is not { } value)
            return map;
        if (value.ValueKind != JsonValueKind.Object)
        {
            AddError(new FieldError("/" + name, ErrorCodes.InvalidType, "Write an object of texts."));
            return map;
        }
        foreach (var entry in value.EnumerateObject())
        {
            var pointer = Pointer.Append("/" + name, entry.Name);
            if (entry.Value.ValueKind != JsonValueKind.String)
                AddError(new FieldError(pointer, ErrorCodes.InvalidType, "Write text."));
            else if (!map.TryAdd(entry.Name, entry.Value.GetString()!))
                AddError(new FieldError(pointer, ErrorCodes.DuplicateField, "The key occurs twice."));
        }
        if (map.Count > MaxEntries)
            AddError(new FieldError("/" + name, ErrorCodes.TooMany, $"Must have at most {MaxEntries} entries; it has {map.Count}."));
        else
            AddErrors("", validate(map));
        return map;
    }
}
