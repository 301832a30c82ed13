namespace Gatehouse.Portal.Conditions;

/// <summary>An object's conditions drawn together: one signal, one word, and the message that matters most.</summary>
/// <param name="Signal">How it stands.</param>
/// <param name="Word">The same as a word.</param>
/// <param name="Because">The condition that explains it; null when all is well.</param>
public sealed record ObjectState(Signal Signal, string Word, ConditionView? Because)
{
    /// <summary>The conditions that lead from a written object to traffic, in that order.</summary>
    public static IReadOnlyList<string> Path { get; } = ["Accepted", "ResolvedRefs", "Programmed", "Live"];

    /// <summary>For hostnames: the claim comes first.</summary>
    public static IReadOnlyList<string> HostnamePath { get; } = ["Verified", "Accepted", "Programmed", "Live"];

    /// <summary>
    /// Whether somebody has to read why: something is wrong, or waits for a person. What merely waits for the gateways is over in a moment.
    /// </summary>
    public bool NeedsReading => Signal switch
    {
        Signal.Bad or Signal.Partial => Because is not null,
        Signal.Waiting => Because is { Reason: not null, Type: "Verified" or "Accepted" or "ResolvedRefs" },
        _ => false,
    };

    /// <summary>Draws the conditions of a path together.</summary>
    public static ObjectState Of(ApiResource resource, IReadOnlyList<string> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var steps = path.Select(type => ConditionView.Of(resource, type)).ToList();
        // What follows from a claim that waits for its proof is no fault of its own.
        if (steps.Find(static step => step.Type == "Verified") is { Signal: Signal.Waiting, Reason: not null } claim) return new ObjectState(Signal.Waiting, "Waiting", claim);
        var failed = steps.Find(s => s.Signal == Signal.Bad);
        var live = steps.Find(s => s.Type == "Live");
        if (failed is not null && live is { Signal: Signal.Good }) return new ObjectState(Signal.Partial, "Live in part", failed);
        if (failed is not null) return new ObjectState(Signal.Bad, failed.Type == "Live" ? "Not live" : "Broken", failed);
        var waiting = steps.Find(s => s.Signal == Signal.Waiting);
        return waiting is null
            ? new ObjectState(Signal.Good, "Live", null)
            : new ObjectState(Signal.Waiting, "Waiting", waiting);
    }
}
