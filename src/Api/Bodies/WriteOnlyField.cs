using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Validation;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Api.Bodies;

/// <summary>Takes a secret out of a written spec before anything else looks at it: no message about the rest can repeat it.</summary>
internal static class WriteOnlyField
{
    /// <summary>The spec without the secret, and the secret.</summary>
    /// <param name="spec">Spec as it was written.</param>
    /// <param name="field">Name of the field.</param>
    /// <param name="maxBytes">Most bytes of the secret.</param>
    /// <param name="fields">Takes errors.</param>
    public static (JsonElement Public, Secret? Secret) Split(JsonElement spec, string field, int maxBytes, BodyFields fields)
    {
        if (spec.ValueKind != JsonValueKind.Object)
            return (spec, null);
        var values = spec.EnumerateObject().Where(property => property.NameEquals(field)).Select(static property => property.Value).ToList();
        if (values.Count == 0)
            return (spec, null);
        var pointer = "/spec/" + field;
        Secret? secret = null;
        if (values.Count > 1)
            fields.AddError(new FieldError(pointer, ErrorCodes.DuplicateField, "The field occurs twice."));
        else if (values[0].ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            fields.AddError(new FieldError(pointer, ErrorCodes.InvalidType, "Write text."));
        else if (values[0].ValueKind == JsonValueKind.String && Encoding.UTF8.GetByteCount(values[0].GetString()!) > maxBytes)
            fields.AddError(new FieldError(pointer, ErrorCodes.TooLong, $"Must have at most {maxBytes} bytes."));
        else
            secret = Secret.OfNullable(values[0].GetString());
        return (Without(spec, field), secret);
    }

    /// <summary>Written anew field by field, so that a field that occurs twice is still told.</summary>
    private static JsonElement Without(JsonElement spec, string field)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in spec.EnumerateObject().Where(property => !property.NameEquals(field)))
                property.WriteTo(writer);
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();
    }
}
