using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Authorization;
using Gatehouse.DataPlane.Cors;
using Gatehouse.DataPlane.Routing;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>Takes a request through gates one after the other, as they are listed (https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule, filters).</summary>
internal sealed class Gatekeeper(ExternalAuthorizer authorizer)
{
    /// <summary>Whether a request may go on; otherwise it has been answered, or the decision says why it is refused.</summary>
    public async ValueTask<bool> PassAsync(HttpContext context, RouteTable table, RequestDecision decision, RuleActions actions)
    {
        foreach (var gate in actions.Gates)
        {
            var passes = gate switch
            {
                RedirectGate redirect => Redirect(context, decision, redirect, actions),
                AuthGate auth => await authorizer.AllowsAsync(context, table, decision, auth),
                CorsGate cors => Cross(context, decision, cors.Policy),
                _ => false,
            };
            if (!passes)
                return false;
        }
        return true;
    }

    private static bool Redirect(HttpContext context, RequestDecision decision, RedirectGate gate, RuleActions actions)
    {
        RequestRouter.TryPath(decision.Target, out var path, out _);
        context.Response.StatusCode = gate.Redirect.StatusCode;
        context.Response.Headers.Location = Redirects.Location(gate.Redirect, decision.Listener!, decision.Host, decision.Target, path);
        context.Response.ContentLength = 0;
        foreach (var changes in actions.Response)
            ResponseHeaders.Change(context.Response.Headers, changes);
        if (actions != decision.Rule!.Actions)
        {
            foreach (var changes in decision.Rule.Actions.Response)
                ResponseHeaders.Change(context.Response.Headers, changes);
        }
        decision.Cors?.Apply(context.Request.Headers, context.Response.Headers);
        return false;
    }

    private static bool Cross(HttpContext context, RequestDecision decision, CorsPolicy policy)
    {
        decision.Cors = policy;
        if (!CorsPolicy.IsPreflight(context.Request))
            return true;
        if (policy.Allows(context.Request.Headers.Origin))
            policy.AnswerPreflight(context);
        else
            decision.Fault = Fault.OriginNotAllowed;
        return false;
    }
}
