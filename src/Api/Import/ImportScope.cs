using Gatehouse.Persistence.Resources;

namespace Gatehouse.Api.Import;

/// <summary>Where an import may write.</summary>
/// <param name="Tenant">The only tenant; null: a platform admin's import, over all of them.</param>
internal sealed record ImportScope(string? Tenant)
{
    public bool IsPlatform => Tenant is null;

    public ImportOwner Owner(string source) => new(IsPlatform ? ImportOwner.PlatformScope : ImportOwner.TenantScope, source);
}
