using System.Text.Json;
using Gatehouse.Gateway.Resources;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>What becomes of an Ingress, or of one of its annotations; the greater value is the worse.</summary>
public enum IngressVerdict
{
    /// <summary>It means here what it meant to ingress-nginx.</summary>
    Exact,

    /// <summary>Translated, with a difference that the message names.</summary>
    Approximate,

    /// <summary>It has no effect on traffic, or had none before.</summary>
    Ignored,

    /// <summary>Not translated: the message says why and what to do.</summary>
    Refused,
}

/// <summary>An Ingress as it was written (https://kubernetes.io/docs/concepts/services-networking/ingress/).</summary>
/// <param name="Name">Name.</param>
/// <param name="Labels">Labels; what it becomes has them too.</param>
/// <param name="Annotations">Annotations.</param>
/// <param name="CreatedAt">Where two Ingresses claim the same path the older one has it; null: younger than all that say when.</param>
/// <param name="Spec">Its <c>spec</c> of networking.k8s.io/v1.</param>
public sealed record IngressObject(
    string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, DateTimeOffset? CreatedAt, JsonElement Spec);

/// <summary>All Ingresses of one tenant, and what their translation needs to know of other objects that come along.</summary>
public sealed record IngressSet
{
    /// <summary>Ingresses, in any order; a canary's main Ingress must be among them.</summary>
    public required IReadOnlyList<IngressObject> Ingresses { get; init; }

    /// <summary>Controllers of IngressClasses, by the class's name.</summary>
    public IReadOnlyDictionary<string, string> Controllers { get; init; } = new Dictionary<string, string>();

    /// <summary>Numbers of named ports of Services.</summary>
    public IReadOnlyDictionary<(string Service, string Port), int> ServicePorts { get; init; } = new Dictionary<(string Service, string Port), int>();
}

/// <summary>One remark.</summary>
/// <param name="Pointer">JSON Pointer into the Ingress.</param>
/// <param name="Verdict">Verdict on what the pointer names.</param>
/// <param name="Message">For the person who wrote it.</param>
public sealed record IngressRemark(string Pointer, IngressVerdict Verdict, string Message);

/// <summary>An Ingress and what becomes of it.</summary>
/// <param name="Ingress">As it was given.</param>
/// <param name="Verdict">Verdict on the whole: of what is refused nothing is stored.</param>
/// <param name="Remarks">Exactly one for each annotation, and others.</param>
/// <param name="Products">Objects to store, in the order in which they should be created.</param>
public sealed record IngressOutcome(IngressObject Ingress, IngressVerdict Verdict, IReadOnlyList<IngressRemark> Remarks, IReadOnlyList<IngressProduct> Products);

/// <summary>An object to store.</summary>
/// <param name="Key">Identity.</param>
/// <param name="Spec">Valid, typed spec.</param>
/// <param name="OnlyIfMissing">Several may need it, or people may have written it: one that exists stays as it is.</param>
public sealed record IngressProduct(ResourceKey Key, object Spec, bool OnlyIfMissing = false);
