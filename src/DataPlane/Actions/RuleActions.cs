using Gatehouse.DataPlane.Mirroring;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Actions;

/// <summary>The actions of a rule or of one of its backends, sorted by when they run; each kind keeps the order as it was written.</summary>
internal sealed class RuleActions
{
    private RuleActions(IReadOnlyList<RuleAction> actions)
    {
        foreach (var action in actions)
            ActionGuard.Check(action);
        var gates = actions.Select(Gate.Of).ToArray();
        Gates = [.. gates.OfType<Gate>()];
        Rewrite = actions.OfType<UrlRewriteAction>().FirstOrDefault();
        Mirrors = [.. actions.OfType<MirrorAction>().Select(action => new MirrorTarget(action))];
        Request = [.. actions.Zip(gates, Step).OfType<RequestStep>()];
        Response = [.. actions.OfType<ResponseHeadersAction>().Select(action => action.Changes)];
        Unknown = actions.FirstOrDefault(action => !IsKnown(action))?.Type;
    }

    public static RuleActions None { get; } = new([]);

    /// <summary>What may answer a request before it goes to a backend, in the order as written; most rules have none.</summary>
    public Gate[] Gates { get; }

    public UrlRewriteAction? Rewrite { get; }

    public MirrorTarget[] Mirrors { get; }

    public RequestStep[] Request { get; }

    public HeaderChanges[] Response { get; }

    /// <summary>Wire name of an action that this version does not know; the rule fails closed.</summary>
    public string? Unknown { get; }

    /// <exception cref="MatchTableException">An action holds what cannot be sent.</exception>
    public static RuleActions Compile(IReadOnlyList<RuleAction> actions) => actions.Count == 0 ? None : new RuleActions(actions);

    private static RequestStep? Step(RuleAction action, Gate? gate) => (action, gate) switch
    {
        (RequestHeadersAction headers, _) => new RequestStep(headers.Changes, null),
        (_, AuthGate auth) => new RequestStep(null, auth),
        _ => null,
    };

    private static bool IsKnown(RuleAction action) =>
        action is UrlRewriteAction or MirrorAction or RequestHeadersAction or ResponseHeadersAction || Gate.IsGate(action);
}
