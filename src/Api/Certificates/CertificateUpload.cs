using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Api.Bodies;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.KeyPairs;
using Gatehouse.Gateway.Validation;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Api.Certificates;

/// <summary>
/// Makes one form of the several in which a certificate can be uploaded: a spec with the chain in order, and apart from it a private key that
/// is not encrypted. Nothing of what is secret stays in the spec.
/// </summary>
internal static class CertificateUpload
{
    private const string CertificateField = "certificate";
    private const string KeyPointer = "/spec/" + CertificateInput.PrivateKeyField;
    private const string PassphrasePointer = "/spec/" + CertificateInput.PassphraseField;
    private const string Pkcs12Pointer = "/spec/" + CertificateInput.Pkcs12Field;

    /// <summary>The spec without its secrets, and the private key as PEM; null: none was written, or it cannot be used, which is an error in <paramref name="fields"/>.</summary>
    /// <param name="written">Spec as it was written.</param>
    /// <param name="fields">Takes errors.</param>
    public static (JsonElement Public, Secret? PrivateKey) Read(JsonElement written, BodyFields fields)
    {
        var before = fields.Errors.Count;
        (written, var privateKey) = WriteOnlyField.Split(written, CertificateInput.PrivateKeyField, PrivateKey.MaxLength, fields);
        (written, var passphrase) = WriteOnlyField.Split(written, CertificateInput.PassphraseField, EncryptedPrivateKey.MaxPassphrase, fields);
        (written, var pkcs12) = WriteOnlyField.Split(written, CertificateInput.Pkcs12Field, Pkcs12File.MaxLength, fields);
        if (fields.Errors.Count > before || written.ValueKind != JsonValueKind.Object)
            return (written, null);
        if (pkcs12 is not null)
            return Open(written, privateKey, pkcs12, passphrase, fields);
        if (privateKey is not null && EncryptedPrivateKey.IsIn(privateKey.Reveal()))
            privateKey = Decrypt(privateKey, passphrase, fields);
        else if (passphrase is not null)
            fields.AddError(new FieldError(PassphrasePointer, ErrorCodes.NotAllowed, "Nothing here is encrypted with a passphrase: leave it out."));
        return (Arrange(written, privateKey), privateKey);
    }

    /// <summary>What a merge patch applies to: a PKCS#12 file takes the place of the chain that is stored.</summary>
    /// <param name="target">The object as it is.</param>
    /// <param name="patch">The patch.</param>
    public static JsonElement PatchTarget(JsonElement target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object || !patch.TryGetProperty("spec", out var spec) || spec.ValueKind != JsonValueKind.Object
            || !spec.TryGetProperty(CertificateInput.Pkcs12Field, out var file) || file.ValueKind != JsonValueKind.String)
        {
            return target;
        }
        var without = JsonNode.Parse(target.GetRawText())!;
        without["spec"]!.AsObject().Remove(CertificateField);
        return JsonSerializer.SerializeToElement(without);
    }

    private static (JsonElement, Secret?) Open(JsonElement written, Secret? privateKey, Secret pkcs12, Secret? passphrase, BodyFields fields)
    {
        if (privateKey is not null || (written.TryGetProperty(CertificateField, out var certificate) && certificate.ValueKind != JsonValueKind.Null))
        {
            fields.AddError(new FieldError(Pkcs12Pointer, ErrorCodes.NotAllowed, "A PKCS#12 file has the certificate and its private key: leave certificate and privateKey out."));
            return (written, null);
        }
        var (file, error) = Pkcs12File.Read(Pkcs12Pointer, pkcs12.Reveal(), passphrase?.Reveal());
        if (error is not null)
            fields.AddErrors("", [error]);
        var key = Secret.OfNullable(file?.PrivateKeyPem);
        // Where the file cannot be opened, nothing more is said of the certificate that is missing.
        return (Arrange(With(written, file?.CertificatesPem ?? ""), key), key);
    }

    private static Secret? Decrypt(Secret privateKey, Secret? passphrase, BodyFields fields)
    {
        if (passphrase is null)
        {
            fields.AddError(new FieldError(PassphrasePointer, ErrorCodes.Required, "The private key is encrypted: write its passphrase."));
            return null;
        }
        var (pem, error) = EncryptedPrivateKey.Decrypt(KeyPointer, privateKey.Reveal(), PassphrasePointer, passphrase.Reveal());
        if (error is not null)
            fields.AddErrors("", [error]);
        return Secret.OfNullable(pem);
    }

    private static JsonElement Arrange(JsonElement spec, Secret? privateKey)
    {
        if (!spec.TryGetProperty(CertificateField, out var certificate) || certificate.ValueKind != JsonValueKind.String)
            return spec;
        var pem = certificate.GetString()!;
        using var key = privateKey is null ? null : PrivateKey.Read(KeyPointer, privateKey.Reveal()).Key;
        var arranged = ChainLinks.Arrange(pem, key?.PublicKey);
        return arranged == pem ? spec : With(spec, arranged);
    }

    /// <summary>Written anew field by field, so that a field that occurs twice is still told.</summary>
    private static JsonElement With(JsonElement spec, string certificate)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString(CertificateField, certificate);
            foreach (var property in spec.EnumerateObject().Where(property => !IsReplaced(property)))
                property.WriteTo(writer);
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();

        bool IsReplaced(JsonProperty property) => property.NameEquals(CertificateField) && spec.EnumerateObject().Count(other => other.NameEquals(CertificateField)) == 1;
    }
}
