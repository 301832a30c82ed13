using System.Text.Json;
using Gatehouse.Api.Preconditions;
using Gatehouse.Contracts.Api;
using Gatehouse.Persistence.Tenancy;

namespace Gatehouse.Api.Tenants;

/// <summary>Between tenant rows and documents.</summary>
internal static class TenantMapping
{
    public static TenantView ToDocument(this Tenant tenant) => new()
    {
        Name = tenant.Name,
        DisplayName = tenant.DisplayName,
        Id = tenant.Id,
        Labels = tenant.Labels,
        CreatedAt = tenant.CreatedAt,
        UpdatedAt = tenant.UpdatedAt,
    };

    public static string ETag(this Tenant tenant) => EntityTags.Of(tenant.Id, tenant.Version);

    public static string PathOf(string name) => "/api/v1/tenants/" + Uri.EscapeDataString(name);

    /// <summary>What a merge patch applies to.</summary>
    public static JsonElement ToPatchTarget(this Tenant tenant) =>
        JsonSerializer.SerializeToElement(new { name = tenant.Name, displayName = tenant.DisplayName, labels = tenant.Labels });
}
