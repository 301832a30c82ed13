namespace Gatehouse.Gateway.Manifests;

/// <summary>IngressClasses say which controller's annotations an Ingress means, and nothing else here.</summary>
internal sealed class IngressClassMapping : IManifestMapping
{
    public bool Takes(Manifest manifest) => manifest.IsIngressClass;

    public IEnumerable<ManifestOutcome> Map(ManifestGroup group, IReadOnlyList<Manifest> taken) => taken.Select(static manifest =>
    {
        var notes = new ManifestNotes(manifest);
        notes.Ignore("It was read to tell whose annotations the Ingresses of this class carry. Their routes attach to Hostnames, whatever the class.");
        return notes.With();
    });

    /// <summary>Controllers by class.</summary>
    public static IReadOnlyDictionary<string, string> Controllers(IReadOnlyList<Manifest> manifests)
    {
        var controllers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var manifest in manifests.Where(static manifest => manifest.IsIngressClass && manifest.Problems.Count == 0))
        {
            if (ManifestFields.Text(manifest.Field("spec"), "controller", "/spec/controller", new ManifestNotes(manifest)) is { } controller)
                controllers[manifest.Name] = controller;
        }
        return controllers;
    }
}
