using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Manifests;

/// <summary>Collects what is to be said of one manifest; the worst remark decides the verdict.</summary>
internal sealed class ManifestNotes(Manifest manifest)
{
    private readonly List<string> messages = [];

    /// <summary>The verdict so far.</summary>
    public ManifestVerdict Verdict { get; private set; }

    /// <summary>Says something that changes no meaning.</summary>
    public void Say(string message) => messages.Add(message);

    /// <summary>Names a difference.</summary>
    public void Differ(string message) => Add(ManifestVerdict.Approximate, message);

    /// <summary>Names what has to change.</summary>
    public void Refuse(string message) => Add(ManifestVerdict.Refused, message);

    /// <summary>Says why nothing is to be done.</summary>
    public void Ignore(string message) => Add(ManifestVerdict.Ignored, message);

    /// <summary>The outcome; resources of refused and ignored manifests are not stored.</summary>
    public ManifestOutcome With(params IReadOnlyList<ManifestResource> resources) =>
        new(manifest, Verdict, messages, Verdict <= ManifestVerdict.Approximate ? resources : []);

    /// <summary>The outcome of a manifest that speaks of an object and stores nothing.</summary>
    public ManifestOutcome Outdating(ResourceKey key) => With() with { Outdates = [key] };

    /// <summary>The object of the manifest's own name, labels and annotations.</summary>
    public ManifestResource Resource(string kind, string tenant, object spec) =>
        new(new ResourceKey(kind, tenant, manifest.Name), manifest.Labels, manifest.Annotations, spec);

    private void Add(ManifestVerdict verdict, string message)
    {
        Verdict = verdict > Verdict ? verdict : Verdict;
        messages.Add(message);
    }
}
