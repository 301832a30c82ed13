using Gatehouse.Gateway.Manifests;
using Gatehouse.Persistence.Resources;

namespace Gatehouse.Api.Import;

/// <summary>Whether an import may change a stored object: its own, or any with <c>takeover</c>.</summary>
internal static class ImportOwnership
{
    /// <summary>False: the entry says why.</summary>
    public static bool Admits(ResourceEntity row, ManifestResource resource, ImportRun run, ImportEntry entry)
    {
        if (row.Owner == run.Owner || run.Query.Takeover)
            return true;
        if (ImportChange.Of(row, resource, run.Owner).IsSameContent && resource.PrivateKey is null)
        {
            entry.Did(ImportAction.Unchanged);
            entry.Say(row.Owner is null
                ? "It is there already with the same content, and stays edited by hand."
                : $"It is there already with the same content, and stays the import `{row.Owner.Source}`'s.");
            return false;
        }
        if (row.Owner is null)
            entry.Add(ManifestVerdict.Ignored, $"{resource.Key.Kind} `{resource.Key.Name}` is edited by hand, so the import leaves it alone; import with takeover=true to replace it.");
        else
            entry.Add(ManifestVerdict.Refused, $"{resource.Key.Kind} `{resource.Key.Name}` belongs to {Describe(row.Owner)}; import with takeover=true to take it.");
        return false;
    }

    private static string Describe(ImportOwner owner) => owner.Scope == ImportOwner.PlatformScope
        ? $"the platform admins' import `{owner.Source}`"
        : $"the tenant's own import `{owner.Source}`";
}
