using Gatehouse.Api.Resources;
using Gatehouse.Gateway.Manifests;
using Gatehouse.Persistence;
using Gatehouse.Persistence.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Gatehouse.Api.Import;

/// <summary>Namespaces are tenants: creates and labels those that an import needs. An import never deletes a tenant.</summary>
internal static class ImportTenants
{
    /// <summary>Where a Namespace carries the tenant's name for people.</summary>
    public const string DisplayNameAnnotation = "gatehouse.dev/display-name";

    private const int MaxDisplayName = 128;

    /// <summary>Creates and changes tenants; adds entries for those that no Namespace asked for.</summary>
    /// <returns>Ids by name.</returns>
    public static async Task<Dictionary<string, Guid>> EnsureAsync(
        WriteTransaction transaction, List<ImportEntry> entries, IEnumerable<string> needed, CancellationToken cancellationToken)
    {
        var namespaces = entries.Where(static entry => entry.Manifest.IsNamespace && entry.Verdict <= ManifestVerdict.Approximate)
            .ToDictionary(static entry => entry.Manifest.Name, StringComparer.Ordinal);
        var names = needed.Concat(namespaces.Keys).ToHashSet(StringComparer.Ordinal);
        var tenants = await transaction.Db.Tenants.Where(tenant => names.Contains(tenant.Name)).ToDictionaryAsync(static tenant => tenant.Name, cancellationToken);
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var entry = namespaces.GetValueOrDefault(name);
            if (!tenants.TryGetValue(name, out var tenant))
                tenants[name] = Create(transaction, name, entry, entries);
            else
                entry?.Did(Change(tenant, entry, transaction.Now) ? ImportAction.Updated : ImportAction.Unchanged);
        }
        await transaction.Db.SaveChangesAsync(cancellationToken);
        transaction.Db.ChangeTracker.Clear();
        return tenants.ToDictionary(static pair => pair.Key, static pair => pair.Value.Id, StringComparer.Ordinal);
    }

    private static Tenant Create(WriteTransaction transaction, string name, ImportEntry? entry, List<ImportEntry> entries)
    {
        if (entry is null)
        {
            entry = new ImportEntry(new ManifestOutcome(
                new Manifest { Version = "v1", Kind = Manifest.NamespaceKind, Name = name, Root = default }, ManifestVerdict.Exact,
                ["Created without labels, because objects of the import lie in it; the import has no Namespace of this name."], []));
            entries.Add(entry);
        }
        entry.Did(ImportAction.Created);
        var tenant = new Tenant
        {
            Name = name,
            DisplayName = DisplayName(entry.Manifest) ?? "",
            Labels = entry.Manifest.Labels,
            CreatedAt = transaction.Now,
            UpdatedAt = transaction.Now,
        };
        transaction.Db.Tenants.Add(tenant);
        return tenant;
    }

    private static bool Change(Tenant tenant, ImportEntry entry, DateTimeOffset now)
    {
        var labels = entry.Manifest.Labels;
        var displayName = DisplayName(entry.Manifest) ?? tenant.DisplayName;
        if (StringMaps.Same(labels, tenant.Labels) && displayName == tenant.DisplayName)
            return false;
        foreach (var lost in tenant.Labels.Keys.Where(key => !labels.ContainsKey(key)).Take(10))
            entry.Say($"The tenant's label `{lost}` is removed: the Namespace does not have it.");
        (tenant.Labels, tenant.DisplayName, tenant.UpdatedAt) = (labels, displayName, now);
        return true;
    }

    private static string? DisplayName(Manifest manifest) =>
        manifest.Annotations.TryGetValue(DisplayNameAnnotation, out var name) && name.Length <= MaxDisplayName ? name : null;
}
