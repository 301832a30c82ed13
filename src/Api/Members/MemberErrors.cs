using Gatehouse.Api.Errors;

namespace Gatehouse.Api.Members;

internal static class MemberErrors
{
    public static Error AboveCaller { get; } = new ForbiddenError("a role that is at least the member's present and new one");

    public static Error LastOwner { get; } = new ConflictError("last_owner", "A tenant keeps at least one owner: make somebody else owner first.");

    public static Error UnknownUser { get; } = new InvalidError("/name", "user_not_found", "There is no user with this email address: a platform admin creates users.");
}
