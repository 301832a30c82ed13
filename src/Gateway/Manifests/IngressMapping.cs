using Gatehouse.Gateway.Ingresses;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Manifests;

/// <summary>Ingresses of a tenant become routes and Hostnames, all at once: canaries and hosts mean something only together.</summary>
internal sealed class IngressMapping : IManifestMapping
{
    /// <summary>On what an Ingress became: its name.</summary>
    public const string SourceAnnotation = "gatehouse.dev/ingress";

    private const string Kind = "Ingress";
    private const string Version = "v1";
    private const string OldGroup = "extensions";

    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public bool Takes(Manifest manifest) => manifest is { Kind: Kind, Group: Manifest.IngressGroup or OldGroup };

    public IEnumerable<ManifestOutcome> Map(ManifestGroup group, IReadOnlyList<Manifest> taken)
    {
        // Names are unique: what repeats an object was refused before.
        var current = taken.Where(IsCurrent).DistinctBy(static manifest => manifest.Name).ToList();
        var outcomes = IngressTranslator.Translate(group.Tenant, new IngressSet
        {
            Ingresses = [.. current.Select(ToObject)],
            Controllers = group.IngressClasses,
            ServicePorts = PortsOf(group.All),
        }).ToDictionary(static outcome => outcome.Ingress.Name, StringComparer.Ordinal);
        return taken.Select(manifest => IsCurrent(manifest) ? Outcome(manifest, outcomes[manifest.Name]) : Outdated(manifest));
    }

    private static bool IsCurrent(Manifest manifest) => manifest is { Group: Manifest.IngressGroup, Version: Version };

    private static IngressObject ToObject(Manifest manifest) =>
        new(manifest.Name, manifest.Labels, manifest.Annotations, manifest.CreatedAt, manifest.Field("spec"));

    private static ManifestOutcome Outdated(Manifest manifest)
    {
        var notes = new ManifestNotes(manifest);
        notes.Refuse($"/apiVersion: write {Manifest.IngressGroup}/{Version}; Kubernetes has served no other since 1.22, and `kubectl get ingress -o yaml` converts.");
        return notes.With();
    }

    private static ManifestOutcome Outcome(Manifest manifest, IngressOutcome outcome)
    {
        var notes = new ManifestNotes(manifest);
        foreach (var remark in outcome.Remarks)
            notes.Say(remark.Pointer.Length == 0 ? remark.Message : $"{remark.Pointer}: {remark.Verdict.ToString().ToLowerInvariant()}. {remark.Message}");
        OtherFields.Report(manifest, notes, "spec", "status");
        var rest = notes.With([.. outcome.Products.Select(product => ToResource(manifest, product))]);
        var verdict = VerdictOf(outcome.Verdict);
        return verdict > rest.Verdict ? rest with { Verdict = verdict } : rest;
    }

    private static ManifestResource ToResource(Manifest manifest, IngressProduct product) => product.OnlyIfMissing
        ? new ManifestResource(product.Key, None, None, product.Spec) { OnlyIfMissing = true }
        : new ManifestResource(product.Key, manifest.Labels, new Dictionary<string, string> { [SourceAnnotation] = manifest.Name }, product.Spec);

    private static ManifestVerdict VerdictOf(IngressVerdict verdict) => verdict switch
    {
        IngressVerdict.Exact => ManifestVerdict.Exact,
        IngressVerdict.Approximate => ManifestVerdict.Approximate,
        IngressVerdict.Ignored => ManifestVerdict.Ignored,
        _ => ManifestVerdict.Refused,
    };

    /// <summary>Numbers of the named ports of all Services that come along.</summary>
    private static Dictionary<(string Service, string Port), int> PortsOf(IReadOnlyList<Manifest> manifests)
    {
        var ports = new Dictionary<(string Service, string Port), int>();
        foreach (var manifest in manifests.Where(static manifest => manifest is { Group: "", Kind: ResourceKind.Service }))
        {
            var notes = new ManifestNotes(manifest);
            foreach (var (item, pointer) in ManifestFields.Items(manifest.Field("spec"), "ports", "/spec/ports", notes))
            {
                if (ManifestFields.Text(item, "name", pointer, notes) is { } name && ManifestFields.Port(item, "port", pointer, notes) is { } port)
                    ports[(manifest.Name, name)] = port;
            }
        }
        return ports;
    }
}
