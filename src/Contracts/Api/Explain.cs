using System.Text.Json;

namespace Gatehouse.Contracts.Api;

/// <summary>A request to explain: which listener, rule, filters and backends it would get.</summary>
public sealed record ExplainQuery
{
    /// <summary>HTTP method; default GET.</summary>
    public string? Method { get; init; }

    /// <summary>Absolute http or https URL, or <c>tls://HOST:PORT</c>, <c>tcp://HOST:PORT</c>, <c>udp://HOST:PORT</c>; its port is the listener port, which is not the published one.</summary>
    public required string Url { get; init; }

    /// <summary>Request headers.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>TLS server name, if it differs from the URL's host; empty: none is sent.</summary>
    public string? Sni { get; init; }

    /// <summary>IP address that the request comes in by, for Gateways with addresses of their own; default: the one address where a listener takes the host.</summary>
    public string? Address { get; init; }

    /// <summary>Data-plane pool; default <c>default</c>.</summary>
    public string? Pool { get; init; }
}

/// <summary>What becomes of a request, and why. What belongs to other tenants is not named.</summary>
public sealed record ExplainView
{
    /// <summary>Forwarded, Redirected, HttpsRequired, RuleFailed, NoMatch, NoListener, Misdirected, Rejected or Malformed.</summary>
    public required string Outcome { get; init; }

    /// <summary>Status that the gateway itself answers with; absent: a backend answers.</summary>
    public int? Status { get; init; }

    /// <summary>gRPC status of that answer, for requests whose content type is gRPC's.</summary>
    public int? GrpcStatus { get; init; }

    /// <summary>In one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Revision whose configuration was asked.</summary>
    public required long Revision { get; init; }

    /// <summary>The listener that takes it.</summary>
    public ExplainedListenerView? Listener { get; init; }

    /// <summary>The match that won.</summary>
    public ExplainedMatchView? Match { get; init; }

    /// <summary>What the rule does to the request, in order.</summary>
    public required IReadOnlyList<JsonElement> Actions { get; init; }

    /// <summary>Timeouts, retries and session persistence of the rule; absent: it has none.</summary>
    public ExplainedPoliciesView? Policies { get; init; }

    /// <summary>Where it goes, with the odds.</summary>
    public required IReadOnlyList<ExplainedBackendView> Backends { get; init; }

    /// <summary>Listeners that would have taken it, and why they did not.</summary>
    public required IReadOnlyList<ExplainedListenerView> OtherListeners { get; init; }

    /// <summary>Matches that lost, the nearest first, and why.</summary>
    public required IReadOnlyList<ExplainedMatchView> OtherMatches { get; init; }

    /// <summary>What else may help.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>A listener.</summary>
/// <param name="Id">Id; absent: another tenant's.</param>
/// <param name="Gateway"><c>tenant/name</c> of its Gateway.</param>
/// <param name="Hostname">Hostname; <c>*</c> for any.</param>
/// <param name="Reason">Why it takes the request or does not.</param>
public sealed record ExplainedListenerView(string? Id, string? Gateway, string Hostname, string Reason);

/// <summary>A match.</summary>
/// <param name="Route">Its route; absent: another tenant's.</param>
/// <param name="Rule">Place of the rule in the route.</param>
/// <param name="MatchIndex">Place in the rule.</param>
/// <param name="Hostname">Hostname under which it is asked.</param>
/// <param name="Conditions">What it asks for, in words.</param>
/// <param name="Fits">Whether the request fulfils it.</param>
/// <param name="Reason">Why it won or lost.</param>
public sealed record ExplainedMatchView(ObjectReference? Route, int? Rule, int MatchIndex, string Hostname, string Conditions, bool Fits, string Reason);

/// <summary>A backend with its odds.</summary>
/// <param name="Key">Key; absent: an invalid reference.</param>
/// <param name="Weight">Weight.</param>
/// <param name="Percent">Share of the rule's requests.</param>
/// <param name="FailureStatus">Status that its share gets, if it is invalid.</param>
/// <param name="Endpoints">Number of endpoints; 0: its share gets 503.</param>
public sealed record ExplainedBackendView(string? Key, int Weight, double Percent, int? FailureStatus, int Endpoints)
{
    /// <summary>What is done to the request only when this backend is chosen, in order; absent: nothing.</summary>
    public IReadOnlyList<JsonElement>? Actions { get; init; }
}

/// <summary>Timeouts, retries and session persistence of a rule.</summary>
/// <param name="RequestTimeoutMs">Milliseconds for the whole request; 0: none; absent: the data plane's default.</param>
/// <param name="BackendRequestTimeoutMs">Milliseconds for one attempt; 0: none; absent: the data plane's default.</param>
/// <param name="RetryAttempts">Attempts after the first; absent: none.</param>
/// <param name="RetryCodes">Status codes that are tried again.</param>
/// <param name="Session">Name of the cookie or header that keeps a client at its backend; absent: none.</param>
public sealed record ExplainedPoliciesView(long? RequestTimeoutMs, long? BackendRequestTimeoutMs, int? RetryAttempts, IReadOnlyList<int>? RetryCodes, string? Session);
