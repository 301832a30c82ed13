using Gatehouse.DataPlane.Authorization;
using Gatehouse.DataPlane.Forwarding;
using Gatehouse.DataPlane.Routing;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Actions;

/// <summary>One change of the request to a backend: a header modifier, or what an authorization service said.</summary>
/// <param name="Changes">Modifier; null: it is an authorization.</param>
/// <param name="Gate">Authorization.</param>
internal readonly record struct RequestStep(HeaderChanges? Changes, AuthGate? Gate);

/// <summary>Changes requests on their way to a backend, in the order in which the filters are listed.</summary>
internal static class RequestSteps
{
    /// <summary>Carries out the steps of a rule or a backend.</summary>
    /// <param name="message">Request to the backend.</param>
    /// <param name="decision">Decision, with what authorization services said.</param>
    /// <param name="actions">Actions of the rule or the backend.</param>
    /// <param name="until">Stops before this one.</param>
    /// <returns>Whether it was stopped.</returns>
    public static bool Apply(HttpRequestMessage message, RequestDecision decision, RuleActions actions, AuthGate? until = null)
    {
        foreach (var step in actions.Request)
        {
            if (step.Changes is not null)
                RequestHeaders.Change(message, step.Changes);
            else if (ReferenceEquals(step.Gate, until))
                return true;
            else
                Apply(message, decision, step.Gate!);
        }
        return false;
    }

    private static void Apply(HttpRequestMessage message, RequestDecision decision, AuthGate gate)
    {
        foreach (var (asked, grant) in decision.Grants!)
        {
            if (ReferenceEquals(asked, gate))
                AuthHeaders.Apply(message, grant.Request);
        }
    }
}
