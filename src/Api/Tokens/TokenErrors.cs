using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Tokens;

internal static class TokenErrors
{
    public static Error AboveIssuer(string role) => new ForbiddenError($"the role {role}: a token never exceeds its issuer");

    public static Error OutlivesIssuer { get; } = new InvalidError(
        "/expiresAt", "out_of_range", "A token that is issued with a token ends with it at the latest.");

    public static Error Past { get; } = new InvalidError("/expiresAt", "out_of_range", "The time has passed.");

    /// <summary>A token dies with its issuer's membership, so there has to be one.</summary>
    public static Error IssuerIsNoMember { get; } = new ConflictError(
        "not_a_member", "A token dies with its issuer's membership, and you are no member of this tenant: make yourself one first.");
}
