using System.Collections.Frozen;

namespace Gatehouse.Control.Status.Clusters;

/// <summary>
/// A plain explanation and the next step for every condition type and reason of Gateway API
/// (https://gateway-api.sigs.k8s.io/reference/spec/): controllers' own messages are for those who run controllers.
/// </summary>
internal static class ReasonExplanations
{
    private const string PartiallyInvalid = "PartiallyInvalid";

    private static readonly FrozenDictionary<(Subject Subject, string Type, string Reason), Explanation> Table = GatewayReasons.All
        .Concat(ListenerReasons.All).Concat(RouteReasons.All).Concat(PolicyReasons.All).ToFrozenDictionary();

    /// <summary>Explains a reason; null: Gateway API does not define it.</summary>
    /// <param name="subject">What the condition speaks of.</param>
    /// <param name="type">Condition type.</param>
    /// <param name="reason">Reason.</param>
    /// <param name="message">The controller's message, which alone tells the two forms of PartiallyInvalid apart.</param>
    public static Explanation? Find(Subject subject, string type, string reason, string message = "") =>
        type == PartiallyInvalid ? RouteReasons.PartiallyInvalid(message) : Table.GetValueOrDefault((subject, type, reason));
}
