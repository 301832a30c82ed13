namespace Gatehouse.Gateway.Ingresses;

/// <summary>
/// Translates Ingresses with ingress-nginx's annotations into Gateway API objects. Pure and deterministic; nothing of an Ingress is passed over in
/// silence: every annotation gets one verdict.
/// </summary>
public static class IngressTranslator
{
    /// <summary>Translates all Ingresses of a tenant at once, because canaries and hosts mean something only together.</summary>
    /// <param name="tenant">Tenant.</param>
    /// <param name="set">Ingresses and what they refer to.</param>
    /// <returns>One outcome for each Ingress, from the oldest to the youngest.</returns>
    public static IReadOnlyList<IngressOutcome> Translate(string tenant, IngressSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var ingresses = set.Ingresses
            .OrderBy(ingress => ingress.CreatedAt ?? DateTimeOffset.MaxValue).ThenBy(ingress => ingress.Name, StringComparer.Ordinal)
            .Select(source => new Ingress(source, set, tenant)).ToList();
        var table = new LocationTable(ingresses);
        foreach (var ingress in ingresses)
            ingress.ReadAnnotations(!ingress.IsCanary || table.HasMain(ingress));
        var regexHosts = table.RegexHosts();
        var products = new Dictionary<Ingress, IReadOnlyList<IngressProduct>>();
        foreach (var ingress in ingresses.Where(ingress => !ingress.IsCanary || !table.HasMain(ingress)))
            products[ingress] = new RouteAssembly(ingress, table, regexHosts).Build();
        foreach (var canary in ingresses.Where(table.HasMain))
            Conclude(canary, ingresses, table);
        return [.. ingresses.Select(ingress => Outcome(ingress, products.GetValueOrDefault(ingress, [])))];
    }

    /// <summary>A canary has no objects of its own; without main Ingress it is judged like any other, and refused.</summary>
    private static void Conclude(Ingress canary, IReadOnlyList<Ingress> ingresses, LocationTable table)
    {
        var mains = ingresses.Where(ingress => !ingress.IsCanary && table.Of(ingress).Any(location => location.Canary?.Ingress == canary)).ToList();
        if (mains.Count == 0)
            return; // another canary has its places, which the notes say
        if (mains.TrueForAll(main => main.Notes.IsBlocked))
            canary.Notes.Block("", $"Its main Ingress `{mains[0].Name}` is refused: mend that first.");
        else
            canary.Notes.Say("", $"Part of what Ingress `{mains[0].Name}` becomes.");
    }

    private static IngressOutcome Outcome(Ingress ingress, IReadOnlyList<IngressProduct> products) =>
        new(ingress.Source, ingress.Notes.Verdict, ingress.Notes.Remarks, ingress.Notes.IsBlocked ? [] : products);
}
