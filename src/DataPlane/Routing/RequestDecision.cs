using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Authorization;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Challenges;
using Gatehouse.DataPlane.Cors;
using Gatehouse.DataPlane.Forwarding;
using Gatehouse.DataPlane.Mirroring;
using Gatehouse.DataPlane.Retries;
using Gatehouse.Gateway.Matching;
using Yarp.ReverseProxy.Model;

namespace Gatehouse.DataPlane.Routing;

/// <summary>Request feature: what was decided about a request, and why. Logs, metrics and the forwarder read it.</summary>
internal sealed class RequestDecision
{
    /// <summary>When the request came.</summary>
    public required long Started { get; init; }

    /// <summary>The name that was asked for, in its normal form.</summary>
    public string Host { get; set; } = "";

    /// <summary>Path and query as sent.</summary>
    public string Asked { get; set; } = "/";

    /// <summary>Path and query as sent, or as rewritten.</summary>
    public string Target { get; set; } = "/";

    public ListenerEntry? Listener { get; set; }

    public RuleRuntime? Rule { get; set; }

    public RuleTarget? Backend { get; set; }

    public BackendState? State { get; set; }

    /// <summary>The endpoint of the request's session; null: it has none yet.</summary>
    public DestinationState? Pinned { get; set; }

    /// <summary>The way to the backend; set once the request is on it.</summary>
    public BackendPath? Path { get; set; }

    /// <summary>Host to send instead of the one that was asked for.</summary>
    public string? HostOverride { get; set; }

    /// <summary>Cross-origin rules that the answer is subject to; null: none.</summary>
    public CorsPolicy? Cors { get; set; }

    /// <summary>What authorization services allowed, by the filter that asked; null: none was asked.</summary>
    public List<(AuthGate Gate, AuthGrant Grant)>? Grants { get; set; }

    /// <summary>Whether somebody else than the gateway worded the refusal, so that it is answered already.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Copies for mirrors; null: none.</summary>
    public List<MirrorCopy>? Copies { get; set; }

    /// <summary>A certificate authority's challenge that is answered instead of any route; null: none.</summary>
    public ChallengeState? Challenge { get; set; }

    /// <summary>Where plain HTTP is redirected to instead of any route; null: nowhere.</summary>
    public HttpsRedirectEntry? HttpsRedirect { get; set; }

    /// <summary>Why we answered ourselves; null: the backend answered.</summary>
    public Fault? Fault { get; set; }

    /// <summary>Where the request is with its attempts; null: it is sent once.</summary>
    public RetryState? Retry { get; set; }

    /// <summary>The rule's timeout; null: it has none.</summary>
    public Deadline? Timeout { get; set; }

    /// <summary>The timeout of the attempt that is made; null: it has none of its own.</summary>
    public Deadline? Attempt { get; set; }

    /// <summary>Headers of the answer are here.</summary>
    public void OnResponse(bool isTunnel)
    {
        if (!isTunnel)
            return;
        Timeout?.End();
        Attempt?.End();
    }
}
