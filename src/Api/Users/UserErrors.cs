using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;

namespace Gatehouse.Api.Users;

/// <summary>Tenants would be without owner.</summary>
internal sealed record LastOwnerOfError : Error
{
    public LastOwnerOfError(IReadOnlyList<string> tenants)
        : base(ErrorKind.Conflict, "last_owner", "The user is the only owner of tenants: make somebody else owner there first.")
    {
        Referrers = [.. tenants.Select(static tenant => new ObjectReference("Tenant", tenant, tenant))];
    }
}

internal static class UserErrors
{
    public static Error Oneself { get; } = new ConflictError("oneself", "You cannot disable or delete yourself, nor end your own platform role: ask another platform admin.");
}
