using Gatehouse.Gateway.Manifests;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Api.Import;

/// <summary>The manifests of an import, translated tenant by tenant before the database is asked.</summary>
/// <param name="Outcomes">One for each manifest, in their order.</param>
internal sealed record ImportSet(IReadOnlyList<(ManifestOutcome Outcome, string Tenant)> Outcomes)
{
    /// <summary>Translates.</summary>
    /// <param name="manifests">Manifests, in order.</param>
    /// <param name="tenant">The only tenant of the import; null: a platform admin's, over all of them.</param>
    public static ImportSet Of(IReadOnlyList<Manifest> manifests, string? tenant)
    {
        var outcomes = new Dictionary<Manifest, (ManifestOutcome Outcome, string Tenant)>();
        var seen = new Dictionary<(string Group, string Kind, string? Namespace, string Name), int>();
        var accepted = new List<(Manifest Manifest, string Tenant)>();
        foreach (var manifest in manifests)
        {
            var scope = ScopeOf(manifest, tenant);
            if (Objection(manifest, tenant, seen) is { } objection)
                outcomes[manifest] = (objection, scope);
            else
                accepted.Add((manifest, scope));
        }
        foreach (var group in accepted.GroupBy(static entry => entry.Tenant, static entry => entry.Manifest))
        {
            foreach (var outcome in ManifestTranslator.Translate(group.Key, [.. group], manifests))
                outcomes[outcome.Manifest] = (outcome, group.Key);
        }
        return new ImportSet([.. manifests.Select(manifest => outcomes[manifest])]);
    }

    private static string ScopeOf(Manifest manifest, string? tenant) =>
        manifest.IsClusterScoped && !manifest.IsIngressClass ? ResourceKind.PlatformTenant : tenant ?? manifest.Namespace ?? "";

    /// <summary>What keeps a manifest from being translated at all, or null.</summary>
    private static ManifestOutcome? Objection(Manifest manifest, string? tenant, Dictionary<(string Group, string Kind, string? Namespace, string Name), int> seen)
    {
        if (manifest.Problems.Count > 0)
            return null; // the translator says them
        var identity = (manifest.Group, manifest.Kind, manifest.IsClusterScoped ? null : manifest.Namespace ?? tenant, manifest.Name);
        if (!seen.TryAdd(identity, manifest.Line))
            return Refuse(manifest, $"An object of this kind and name is at line {seen[identity]} already; keep one.");
        if (manifest.IsNamespace)
            return ForNamespace(manifest, tenant);
        if (manifest.IsIngressClass)
            return null; // read by whoever imports, stored for nobody
        if (manifest.IsClusterScoped)
            return tenant is null ? null : Refuse(manifest, "Classes belong to the platform: a platform admin imports them.");
        if (manifest.Namespace is null && tenant is null)
            return Refuse(manifest, "/metadata/namespace: is missing. Name the tenant, or import into one tenant.");
        return manifest.Namespace is { } name && tenant is not null && name != tenant
            ? Refuse(manifest, $"/metadata/namespace: this import is the tenant `{tenant}`'s alone. Change or remove the namespace, or let a platform admin import it.")
            : null;
    }

    private static ManifestOutcome ForNamespace(Manifest manifest, string? tenant)
    {
        if (tenant is null)
            return new ManifestOutcome(manifest, ManifestVerdict.Exact, [], []);
        return manifest.Name == tenant
            ? new ManifestOutcome(manifest, ManifestVerdict.Ignored, ["The tenant is there already; its labels are the platform admins' to set."], [])
            : Refuse(manifest, "Tenants are created by platform admins.");
    }

    private static ManifestOutcome Refuse(Manifest manifest, string message) => new(manifest, ManifestVerdict.Refused, [message], []);
}
