using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>Whose location each path of each host is: the older Ingress has it, and canaries join it.</summary>
internal sealed class LocationTable
{
    private readonly Dictionary<(string Host, string Path, string Type), IngressLocation> owners = [];
    private readonly Dictionary<Ingress, List<IngressLocation>> byIngress = [];
    private readonly HashSet<Ingress> joined = [];

    /// <param name="ingresses">From the oldest to the youngest.</param>
    public LocationTable(IReadOnlyList<Ingress> ingresses)
    {
        foreach (var ingress in ingresses.Where(ingress => !ingress.IsCanary))
            byIngress[ingress] = [.. LocationsOf(ingress).Where(Claim)];
        foreach (var canary in ingresses.Where(ingress => ingress.IsCanary))
            JoinAll(canary);
        TlsHosts = ingresses.Where(ingress => !ingress.IsCanary).SelectMany(TlsHostsOf).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Hosts that TLS is configured for.</summary>
    public IReadOnlySet<string> TlsHosts { get; }

    /// <summary>Locations that are an Ingress's own; of a canary those that it joins, or all if it joins none.</summary>
    public IReadOnlyList<IngressLocation> Of(Ingress ingress) => byIngress[ingress];

    /// <summary>Whether a canary belongs to something.</summary>
    public bool HasMain(Ingress canary) => joined.Contains(canary);

    /// <summary>Whether any Ingress serves a path.</summary>
    public bool Serves(string? host, string path) => owners.ContainsKey((host ?? "", path, "Prefix")) || owners.ContainsKey((host ?? "", path, "ImplementationSpecific"));

    /// <summary>Whether any Ingress speaks of a host.</summary>
    public bool Knows(string host) => owners.Keys.Any(key => key.Host == host);

    /// <summary>Hosts whose paths ingress-nginx takes for regular expressions, because one of their Ingresses uses them or rewrites.</summary>
    public IReadOnlySet<string> RegexHosts() => owners.Values.Where(MakesExpressions).Select(location => location.Key.Host).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a location makes expressions of all paths of its host.</summary>
    public static bool MakesExpressions(IngressLocation location) =>
        location.Ingress.Settings.UseRegex || (location.Ingress.Settings.RewriteTarget is { } target && target != location.Path.Path);

    private static IEnumerable<IngressLocation> LocationsOf(Ingress ingress)
    {
        var rules = ingress.Spec.Rules ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            for (var j = 0; j < rules[i].Paths.Count; j++)
                yield return new IngressLocation(ingress, rules[i].Host, rules[i].Paths[j], Validation.Reading.Location.Root.Then("spec", "rules", i, "http", "paths", j).ToString());
        }
    }

    private bool Claim(IngressLocation location)
    {
        if (owners.TryAdd(location.Key, location))
            return true;
        var owner = owners[location.Key].Ingress;
        location.Ingress.Notes.Differ(location.Pointer, owner == location.Ingress
            ? $"{SafeText.Quote(location.Path.Path)} stands further up already; the first one is served."
            : $"{SafeText.Quote(location.Path.Path)} is the older Ingress `{owner.Name}`'s, as in ingress-nginx: it was left out here.");
        return false;
    }

    private void JoinAll(Ingress canary)
    {
        var locations = LocationsOf(canary).ToList();
        byIngress[canary] = locations.Exists(location => owners.ContainsKey(location.Key)) ? locations.FindAll(Join) : locations;
    }

    private bool Join(IngressLocation canary)
    {
        if (!owners.TryGetValue(canary.Key, out var main))
        {
            canary.Ingress.Notes.Differ(canary.Pointer, $"No main Ingress has {SafeText.Quote(canary.Path.Path)} of this host, so ingress-nginx serves nothing here: it was left out.");
            return false;
        }
        joined.Add(canary.Ingress);
        if (main.Canary is { } first)
        {
            canary.Ingress.Notes.Block(canary.Pointer, $"{SafeText.Quote(canary.Path.Path)} has the canary `{first.Ingress.Name}` already, and ingress-nginx takes one only: remove one of the two.");
            return false;
        }
        main.Canary = canary;
        return true;
    }

    /// <summary>Without names a certificate is for every host of its Ingress.</summary>
    private static IEnumerable<string> TlsHostsOf(Ingress ingress) => (ingress.Spec.Tls ?? []).SelectMany(tls => tls.Hosts.Count > 0
        ? tls.Hosts
        : (ingress.Spec.Rules ?? []).Select(rule => rule.Host).OfType<string>());
}
