using System.Text.Json;
using Gatehouse.Api.Auth;
using Gatehouse.Api.Bodies;
using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Validation;

namespace Gatehouse.Api.Users;

/// <summary>What a request wants a user to be.</summary>
/// <param name="Name">Email address in the body; null: none.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="PlatformAdmin">Platform role; null: as it is.</param>
/// <param name="Disabled">Whether the user is locked out; null: as it is.</param>
/// <param name="Password">New password; null: as it is.</param>
internal sealed record UserDraft(string? Name, string? DisplayName, bool? PlatformAdmin, bool? Disabled, string? Password)
{
    private const int MinPassword = 12;
    private const int MaxPassword = 128;

    private static readonly string[] ServerOwned = ["id", "createdAt", "updatedAt"];

    public static Result<UserDraft> Read(JsonElement body)
    {
        var fields = BodyFields.Of(body, ["name", "displayName", "platformAdmin", "disabled", "password"], ServerOwned);
        var draft = new UserDraft(
            fields.Text("name", UserNames.MaxLength),
            fields.Text("displayName", 128),
            fields.Flag("platformAdmin"),
            fields.Flag("disabled"),
            fields.Text("password", MaxPassword));
        if (draft.Password is { Length: < MinPassword })
            fields.AddError(new FieldError("/password", ErrorCodes.TooShort, $"A password has {MinPassword} to {MaxPassword} characters."));
        return fields.Errors.Count > 0 ? new InvalidError(fields.Errors) : draft;
    }
}
