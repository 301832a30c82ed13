using System.Text.Json;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.Tenants;

/// <summary>What a request wants a tenant to be.</summary>
/// <param name="Name">Name in the body; null: none.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Labels">Labels; null: not in the body, so they stay.</param>
internal sealed record TenantDraft(string? Name, string DisplayName, IReadOnlyDictionary<string, string>? Labels)
{
    private const int MaxDisplayName = 128;

    private static readonly string[] ServerOwned = ["tenant", "id", "status", "generation", "createdAt", "updatedAt"];

    public static Result<TenantDraft> Read(JsonElement body)
    {
        var fields = BodyFields.Of(body, ["name", "displayName", "labels"], ServerOwned);
        var draft = new TenantDraft(
            fields.Text("name"),
            fields.Text("displayName", MaxDisplayName) ?? "",
            fields.Get("labels") is null ? null : fields.Map("labels", ObjectNames.ValidateLabels));
        return fields.Errors.Count > 0 ? new InvalidError(fields.Errors) : draft;
    }
}
