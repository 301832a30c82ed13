using Gatehouse.DataPlane.Cors;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.DataPlane.Actions;

/// <summary>An action that may answer a request itself, so that nothing of it reaches a backend.</summary>
internal abstract record Gate
{
    public static bool IsGate(RuleAction action) => action is RedirectAction or CorsAction or ExternalAuthAction;

    /// <summary>The gate that an action is; null: it is none.</summary>
    /// <exception cref="MatchTableException">The action holds what cannot be used.</exception>
    public static Gate? Of(RuleAction action) => action switch
    {
        RedirectAction redirect => new RedirectGate(redirect),
        CorsAction cors => new CorsGate(new CorsPolicy(cors)),
        ExternalAuthAction auth => new AuthGate(auth),
        _ => null,
    };
}

/// <summary>Answers with a redirect.</summary>
internal sealed record RedirectGate(RedirectAction Redirect) : Gate;

/// <summary>Asks an authorization service.</summary>
internal sealed record AuthGate(ExternalAuthAction Action) : Gate;

/// <summary>Answers preflights; what else passes gets the policy's headers in its answer.</summary>
internal sealed record CorsGate(CorsPolicy Policy) : Gate;
