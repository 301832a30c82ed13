using Gatehouse.Contracts.Api;

namespace Gatehouse.Portal.Conditions;

/// <summary>How something stands, as a shape, a word and a colour.</summary>
public enum Signal
{
    /// <summary>Nobody knows yet.</summary>
    Waiting,

    /// <summary>Works.</summary>
    Good,

    /// <summary>Works in part.</summary>
    Partial,

    /// <summary>Does not work.</summary>
    Bad,
}

/// <summary>A condition for showing.</summary>
/// <param name="Type">For example <c>Accepted</c>.</param>
/// <param name="Signal">How it stands.</param>
/// <param name="Word">The same as a word: Yes, No or Waiting.</param>
/// <param name="Reason">CamelCase word.</param>
/// <param name="Message">Plain text for people.</param>
/// <param name="Since">Since when.</param>
public sealed record ConditionView(string Type, Signal Signal, string Word, string? Reason, string? Message, DateTimeOffset? Since)
{
    private const string NotYet = "Not known yet: the gateways have not taken up the newest change.";

    /// <summary>The named condition of an object; one that is missing or speaks of an older generation is waiting.</summary>
    public static ConditionView Of(ApiResource resource, string type)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var condition = resource.Status?.Conditions.FirstOrDefault(c => c.Type == type);
        return condition is null || condition.ObservedGeneration < resource.Generation
            ? new ConditionView(type, Signal.Waiting, "Waiting", null, NotYet, null)
            : Of(condition);
    }

    /// <summary>A condition as it is.</summary>
    public static ConditionView Of(ObjectCondition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var (signal, word) = condition.Status switch
        {
            "True" => (Signal.Good, "Yes"),
            "False" => (Signal.Bad, "No"),
            _ => (Signal.Waiting, "Waiting"),
        };
        // These are bad news when they are true.
        if (condition.Type is "PartiallyInvalid" or "Shadowed" or "NoWeight" or "UnsupportedFields" or "ExpiresSoon" && signal != Signal.Waiting)
            signal = signal == Signal.Good ? Signal.Partial : Signal.Good;
        // Nothing is wrong with a claim that waits for its proof.
        if (condition is { Type: "Verified" or "Accepted", Reason: "Pending" } && signal == Signal.Bad)
            (signal, word) = (Signal.Waiting, "Not yet");
        // Without a certificate a Hostname serves all the same, in plain text.
        if (condition.Type == "CertificateReady" && signal == Signal.Bad)
            signal = Signal.Partial;
        return new ConditionView(condition.Type, signal, word, condition.Reason, condition.Message, condition.LastTransitionTime);
    }
}
