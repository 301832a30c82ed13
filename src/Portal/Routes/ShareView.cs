using System.Text.Json;
using Gatehouse.Portal.Api;
using Gatehouse.Portal.Conditions;

namespace Gatehouse.Portal.Routes;

/// <summary>One backend's share of a rule's requests.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tenant">Another tenant, if the reference names one.</param>
/// <param name="Kind">Backend, Service, or what the reference says; null lets Gatehouse find it.</param>
/// <param name="Port">Port of the reference.</param>
/// <param name="Weight">As written; 1 if absent.</param>
/// <param name="Percent">Of the rule's requests, 0–100.</param>
/// <param name="Start">Sum of the shares before it, 0–100.</param>
public sealed record ShareView(string Name, string? Tenant, string? Kind, int? Port, int Weight, double Percent, double Start)
{
    /// <summary>Reads the weighted references of one rule.</summary>
    public static IReadOnlyList<ShareView> Of(IReadOnlyList<JsonElement> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        var weights = references.Select(reference => Math.Max(0, reference.Number("weight") ?? 1)).ToList();
        var total = weights.Sum(weight => (long)weight);
        var shares = new List<ShareView>();
        var start = 0.0;
        foreach (var (reference, weight) in references.Zip(weights))
        {
            var percent = total == 0 ? 0 : 100.0 * weight / total;
            shares.Add(new ShareView(
                reference.Text("name") ?? "", reference.Text("namespace"), reference.Text("kind"), reference.Number("port"), weight, percent, start));
            start += percent;
        }
        return shares;
    }

    /// <summary>As people write it: <c>tenant/name</c> when it is another tenant's.</summary>
    public string Title => Tenant is null ? Name : $"{Tenant}/{Name}";

    /// <summary>Whether the route's status says that this reference fails: the message names each reference that does, in backticks.</summary>
    public bool IsUnresolvedIn(ApiResource route) =>
        ConditionView.Of(route, "ResolvedRefs") is { Signal: Signal.Bad, Message: { } message } && message.Contains($"`{Name}`", StringComparison.Ordinal);

    /// <summary>Whether it may be a Backend of this tenant, which its pages can show.</summary>
    public bool IsBackendOf(string? tenant) => (Tenant is null || Tenant == tenant) && Kind is null or "Backend";
}
