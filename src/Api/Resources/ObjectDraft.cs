using System.Text.Json;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Certificates;
using Gatehouse.Api.Clusters;
using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;
using Gatehouse.Gateway.Validation;
using Gatehouse.ServiceDefaults;

namespace Gatehouse.Api.Resources;

/// <summary>What a request wants an object to be; nothing is checked against what is stored yet.</summary>
/// <param name="Name">Name in the body; null: none.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Annotations">Annotations.</param>
/// <param name="Spec">The valid, typed spec.</param>
internal sealed record ObjectDraft(
    string? Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, object Spec)
{
    /// <summary>What was written with the spec and is no part of it: a Certificate's private key, a Cluster's kubeconfig.</summary>
    public Secret? Secret { get; private init; }

    /// <summary>Reads and checks a body; every error of it is reported at once.</summary>
    public static Result<ObjectDraft> Read(string kind, JsonElement body)
    {
        var fields = BodyFields.Of(body, ["name", "labels", "annotations", "spec"], ServerOwned);
        var name = fields.Text("name");
        var labels = fields.Map("labels", ObjectNames.ValidateLabels);
        var annotations = fields.Map("annotations", ObjectNames.ValidateAnnotations);
        object? spec = null;
        Secret? secret = null;
        if (fields.Get("spec") is { } written)
        {
            if (kind == ResourceKind.Certificate)
                (written, secret) = CertificateUpload.Read(written, fields);
            else if (kind == ResourceKind.Cluster)
                (written, secret) = WriteOnlyField.Split(written, ClusterInput.SecretField, UploadedKubeconfig.MaxBytes, fields);
            var result = SpecValidator.Validate(kind, written);
            fields.AddErrors("/spec", result.Errors);
            spec = result.Spec;
        }
        else
        {
            fields.AddError(new FieldError("/spec", ErrorCodes.Required, "Write the spec; an empty one is {}."));
        }
        return fields.Errors.Count > 0 ? new InvalidError(fields.Errors) : new ObjectDraft(name, labels, annotations, spec!) { Secret = secret };
    }

    /// <summary>A request may carry these; they are ignored.</summary>
    private static readonly string[] ServerOwned = ["tenant", "id", "status", "warnings", "generation", "createdAt", "updatedAt"];
}
