using Gatehouse.Contracts.Api;

namespace Gatehouse.Portal.Tenants;

/// <summary>What to call a tenant.</summary>
internal static class TenantTitle
{
    public static string Title(this TenantView tenant) => tenant.DisplayName is { Length: > 0 } title ? title : tenant.Name;
}
