namespace Gatehouse.Gateway.Manifests;

/// <summary>Maps the manifests of some kinds. It gets all of a tenant's at once, because some mean something only together.</summary>
internal interface IManifestMapping
{
    /// <summary>Whether the mapping is the one for a manifest.</summary>
    bool Takes(Manifest manifest);

    /// <summary>One outcome for each manifest that it takes.</summary>
    IEnumerable<ManifestOutcome> Map(ManifestGroup group, IReadOnlyList<Manifest> taken);
}

/// <summary>The usable manifests of one tenant.</summary>
/// <param name="Tenant">Tenant that the namespace stands for; for classes the platform.</param>
/// <param name="All">All of them, those of other mappings too.</param>
/// <param name="IngressClasses">Controllers of the IngressClasses of the whole import, by name.</param>
internal sealed record ManifestGroup(string Tenant, IReadOnlyList<Manifest> All, IReadOnlyDictionary<string, string> IngressClasses);
