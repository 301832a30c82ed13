using System.Text.Json;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Validation;
using Gatehouse.Persistence.Identity;

namespace Gatehouse.Api.Tokens;

/// <summary>What a request wants a token to be.</summary>
/// <param name="Name">Name.</param>
/// <param name="Role">Role.</param>
/// <param name="ExpiresAt">End; null: none.</param>
internal sealed record TokenDraft(string Name, string Role, DateTimeOffset? ExpiresAt)
{
    private static readonly string[] ServerOwned = ["tenant", "id", "issuer", "createdAt", "token", "lastUsedAt"];

    public static Result<TokenDraft> Read(JsonElement body)
    {
        var fields = BodyFields.Of(body, ["name", "role", "expiresAt"], ServerOwned);
        var name = fields.RequiredText("name", 253);
        if (name.Length > 0)
            fields.AddErrors("", ObjectNames.ValidateName("Token", name));
        var role = RoleFields.Read(fields);
        var expiresAt = fields.Time("expiresAt");
        return fields.Errors.Count > 0 ? new InvalidError(fields.Errors) : new TokenDraft(name, role, expiresAt);
    }
}

/// <summary>Reads roles.</summary>
internal static class RoleFields
{
    /// <summary>The field <c>role</c>, which has to be there.</summary>
    public static string Read(BodyFields fields)
    {
        var role = fields.RequiredText("role");
        if (role.Length > 0 && Role.Rank(role) < 0)
            fields.AddError(new FieldError("/role", ErrorCodes.UnsupportedValue, "A role is viewer, editor, admin or owner."));
        return role;
    }
}
