using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Explanation;

/// <summary>What becomes of a request, and why.</summary>
public sealed record RequestExplanation
{
    /// <summary>What becomes of it.</summary>
    public required RequestOutcome Outcome { get; init; }

    /// <summary>Status of the answer that the gateway itself gives; null: a backend answers.</summary>
    public int? Status { get; init; }

    /// <summary>gRPC status of that answer, for requests whose content type is gRPC's; their HTTP status is 200.</summary>
    public int? GrpcStatus { get; init; }

    /// <summary>In one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The listener that takes it.</summary>
    public ExplainedListener? Listener { get; init; }

    /// <summary>The match that won.</summary>
    public ExplainedMatch? Match { get; init; }

    /// <summary>What the rule does to the request, in order.</summary>
    public IReadOnlyList<RuleAction> Actions { get; init; } = [];

    /// <summary>The rule with its timeouts, retries and session persistence; null: none was reached, or it is another tenant's.</summary>
    public CompiledRule? Rule { get; init; }

    /// <summary>Where it goes, with the odds.</summary>
    public IReadOnlyList<ExplainedBackend> Backends { get; init; } = [];

    /// <summary>Listeners that would have taken it, and why they did not.</summary>
    public IReadOnlyList<ExplainedListener> OtherListeners { get; init; } = [];

    /// <summary>Matches of the listener that lost, the nearest first, and why.</summary>
    public IReadOnlyList<ExplainedMatch> OtherMatches { get; init; } = [];

    /// <summary>What else may help: conditions of the tenant's own objects that bear on the host.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>What becomes of a request.</summary>
public enum RequestOutcome
{
    /// <summary>It goes to a backend.</summary>
    Forwarded,

    /// <summary>It is answered with a redirect.</summary>
    Redirected,

    /// <summary>Plain HTTP of the name is redirected, and the client is one that follows no redirects (gRPC): 403.</summary>
    HttpsRequired,

    /// <summary>The rule answers it with a fixed status, because it has no usable backend or failed to compile.</summary>
    RuleFailed,

    /// <summary>No match fits: 404.</summary>
    NoMatch,

    /// <summary>No listener takes it.</summary>
    NoListener,

    /// <summary>TLS was set up for a name of another listener: 421.</summary>
    Misdirected,

    /// <summary>The connection is refused before there is a request.</summary>
    Rejected,

    /// <summary>Host or path have no unambiguous form: 400.</summary>
    Malformed,
}

/// <summary>A listener.</summary>
/// <param name="Id">Id; null: another tenant's.</param>
/// <param name="Gateway"><c>tenant/name</c> of its Gateway; null: another tenant's.</param>
/// <param name="Hostname">Hostname; <c>*</c> for any.</param>
/// <param name="Reason">Why it takes the request or does not.</param>
public sealed record ExplainedListener(string? Id, string? Gateway, string Hostname, string Reason);

/// <summary>A match.</summary>
/// <param name="Route">Where it comes from; null: another tenant's route.</param>
/// <param name="MatchIndex">Place in its rule.</param>
/// <param name="Hostname">Hostname of the host entry.</param>
/// <param name="Conditions">What it asks for, in words; empty: another tenant's.</param>
/// <param name="Fits">Whether the request fulfils it.</param>
/// <param name="Reason">Why it won or lost.</param>
public sealed record ExplainedMatch(RuleSource? Route, int MatchIndex, string Hostname, string Conditions, bool Fits, string Reason);

/// <summary>A backend with its odds.</summary>
/// <param name="Key">Backend key; null: an invalid reference.</param>
/// <param name="Weight">Weight.</param>
/// <param name="Percent">Share of the rule's requests.</param>
/// <param name="FailureStatus">Status that its share gets, if it is invalid.</param>
/// <param name="Endpoints">Number of endpoints; 0: its share gets 503.</param>
public sealed record ExplainedBackend(string? Key, int Weight, double Percent, int? FailureStatus, int Endpoints)
{
    /// <summary>What is done to the request only when this backend is chosen, in order.</summary>
    public IReadOnlyList<RuleAction> Actions { get; init; } = [];
}
