namespace Gatehouse.Gateway.Manifests;

/// <summary>
/// What is not Gatehouse's. Policies and filters of other gateways are refused: leaving them out would serve traffic without what they
/// protect. What configures other software, or runs workloads, is ignored. Either way the message says what does the same here.
/// </summary>
internal sealed class ForeignMapping : IManifestMapping
{
    public bool Takes(Manifest manifest) => true;

    public IEnumerable<ManifestOutcome> Map(ManifestGroup group, IReadOnlyList<Manifest> taken) => taken.Select(Map);

    private static ManifestOutcome Map(Manifest manifest)
    {
        var notes = new ManifestNotes(manifest);
        var (verdict, message) = ForeignKinds.Find(manifest.Group, manifest.Kind);
        if (verdict == ManifestVerdict.Refused)
            notes.Refuse(message);
        else
            notes.Ignore(message);
        return notes.With();
    }
}
