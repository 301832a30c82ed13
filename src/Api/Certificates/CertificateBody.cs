using System.Text.Json;
using Gatehouse.Api.Bodies;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.KeyPairs;
using Gatehouse.Gateway.Validation;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Api.Certificates;

/// <summary>The spec of a Certificate as it is written; what is stored and shown has no private key.</summary>
internal sealed record CertificateInput
{
    /// <summary>PEM: the server's certificate first, then intermediates, each issued by the next.</summary>
    public required string Certificate { get; init; }

    /// <summary>PEM of the unencrypted private key: PKCS#8, PKCS#1 or SEC1. Absent: the key that is stored stays, as long as it belongs to the certificate.</summary>
    public string? PrivateKey { get; init; }
}

/// <summary>Takes the private key out of a written spec before anything else looks at it.</summary>
internal static class CertificateBody
{
    private const string Field = "privateKey";

    /// <summary>The public part and the private key.</summary>
    /// <param name="spec">Spec as it was written.</param>
    /// <param name="fields">Takes errors.</param>
    public static (JsonElement Public, Secret? PrivateKey) Split(JsonElement spec, BodyFields fields)
    {
        if (spec.ValueKind != JsonValueKind.Object)
            return (spec, null);
        var keys = spec.EnumerateObject().Where(static property => property.NameEquals(Field)).Select(static property => property.Value).ToList();
        if (keys.Count == 0)
            return (spec, null);
        Secret? key = null;
        if (keys.Count > 1)
            fields.AddError(new FieldError("/spec/" + Field, ErrorCodes.DuplicateField, "The field occurs twice."));
        else if (keys[0].ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            fields.AddError(new FieldError("/spec/" + Field, ErrorCodes.InvalidType, "Write text."));
        else if (keys[0].ValueKind == JsonValueKind.String && keys[0].GetString()!.Length > PrivateKey.MaxLength)
            fields.AddError(new FieldError("/spec/" + Field, ErrorCodes.TooLong, $"Must have at most {PrivateKey.MaxLength} characters."));
        else
            key = Secret.OfNullable(keys[0].GetString());
        return (WithoutKey(spec), key);
    }

    /// <summary>Written anew field by field, so that a field that occurs twice is still told.</summary>
    private static JsonElement WithoutKey(JsonElement spec)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in spec.EnumerateObject().Where(static property => !property.NameEquals(Field)))
                property.WriteTo(writer);
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();
    }
}
