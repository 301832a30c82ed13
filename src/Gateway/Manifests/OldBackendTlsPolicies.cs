using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Manifests;

/// <summary>
/// BackendTLSPolicy v1alpha2 had one <c>targetRef</c> and called the validation <c>tls</c>
/// (https://github.com/kubernetes-sigs/gateway-api/blob/v1.0.0/apis/v1alpha2/backendtlspolicy_types.go).
/// </summary>
internal static class OldBackendTlsPolicies
{
    private static readonly (string Old, string Now)[] ValidationFields = [("caCertRefs", "caCertificateRefs"), ("wellKnownCACerts", "wellKnownCACertificates")];

    public static JsonElement Convert(string version, JsonElement spec)
    {
        if (version != "v1alpha2" || spec.ValueKind != JsonValueKind.Object)
            return spec;
        var fields = JsonObject.Create(spec)!;
        Rename(fields, "tls", "validation");
        if (fields["targetRefs"] is null && Take(fields, "targetRef") is JsonObject target)
        {
            // Targets of other namespaces never worked upstream either.
            target.Remove("namespace");
            fields["targetRefs"] = new JsonArray(target);
        }
        if (fields["validation"] is JsonObject validation)
        {
            foreach (var (old, now) in ValidationFields)
                Rename(validation, old, now);
        }
        return JsonSerializer.SerializeToElement(fields);
    }

    private static void Rename(JsonObject fields, string old, string now)
    {
        if (fields[now] is null && Take(fields, old) is { } value)
            fields[now] = value;
    }

    private static JsonNode? Take(JsonObject fields, string name)
    {
        var value = fields[name];
        fields.Remove(name);
        return value;
    }
}
