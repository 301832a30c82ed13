namespace Gatehouse.Gateway.Manifests;

/// <summary>Says of each manifest what it becomes. Pure: what is stored already plays no part here.</summary>
public static class ManifestTranslator
{
    /// <summary>In order; the last takes what no other does.</summary>
    private static readonly IManifestMapping[] Mappings =
    [
        new GatewayApiMapping(), new GatehouseMapping(), new SecretMapping(), new ConfigMapMapping(), new ServiceMapping(), new IngressMapping(), new IngressClassMapping(), new ForeignMapping(),
    ];

    /// <summary>Translates the manifests of one tenant; Namespaces are not among them. One outcome for each, in any order.</summary>
    /// <param name="tenant">Tenant that the namespace stands for; for classes the platform.</param>
    /// <param name="manifests">Manifests, usable or not.</param>
    /// <param name="all">All manifests of the import, for what lies in no namespace.</param>
    public static IReadOnlyList<ManifestOutcome> Translate(string tenant, IReadOnlyList<Manifest> manifests, IReadOnlyList<Manifest>? all = null)
    {
        var usable = manifests.Where(static manifest => manifest.Problems.Count == 0).ToList();
        var group = new ManifestGroup(tenant, usable, IngressClassMapping.Controllers(all ?? manifests));
        var outcomes = manifests.Where(static manifest => manifest.Problems.Count > 0)
            .Select(static manifest => new ManifestOutcome(manifest, ManifestVerdict.Refused, manifest.Problems, [])).ToList();
        foreach (var taken in usable.GroupBy(static manifest => Array.FindIndex(Mappings, mapping => mapping.Takes(manifest))))
            outcomes.AddRange(Mappings[taken.Key].Map(group, [.. taken]).Select(WithOmissions));
        return outcomes;
    }

    /// <summary>What the metadata lost is a difference for what is stored, and nothing to speak of for what is not.</summary>
    private static ManifestOutcome WithOmissions(ManifestOutcome outcome) =>
        outcome.Manifest.Omissions.Count == 0 || outcome.Verdict > ManifestVerdict.Approximate
            ? outcome
            : outcome with { Verdict = ManifestVerdict.Approximate, Messages = [.. outcome.Messages, .. outcome.Manifest.Omissions] };
}
