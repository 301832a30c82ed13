using Gatehouse.Api.Errors;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Api.Tenants;

/// <summary>The tenant has objects.</summary>
internal sealed record TenantNotEmptyError : Error
{
    public TenantNotEmptyError(IReadOnlyList<ObjectReference> objects, long count)
        : base(ErrorKind.Conflict, "tenant_not_empty", $"The tenant has {count} object(s): delete them first, or all of them with ?cascade=true.")
    {
        Referrers = objects;
    }
}

internal static class TenantErrors
{
    /// <summary>Labels admit a tenant to other tenants' listeners, so a tenant cannot set its own.</summary>
    public static Error LabelsAreThePlatforms { get; } = new ForbiddenError("a platform admin: labels of tenants decide what they may attach to")
    {
        Fields = [new FieldError("/labels", "forbidden", "Only platform admins set labels of tenants.")],
    };

    public static Error Reserved { get; } = new ConflictError(
        "tenant_reserved", $"The tenant '{ResourceKind.PlatformTenant}' owns what is shared and cannot be deleted.");
}
