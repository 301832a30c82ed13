using System.Text.Json;
using Gatehouse.Contracts.Api;
using Gatehouse.Gateway.Explanation;
using Gatehouse.Gateway.Matching;

namespace Gatehouse.Api.Explain;

/// <summary>Between explanations and documents.</summary>
internal static class ExplainMapping
{
    public static ExplainView ToDocument(this RequestExplanation explanation, long revision) => new()
    {
        Outcome = explanation.Outcome.ToString(),
        Status = explanation.Status,
        GrpcStatus = explanation.GrpcStatus,
        Summary = explanation.Summary,
        Revision = revision,
        Listener = explanation.Listener?.ToDocument(),
        Match = explanation.Match?.ToDocument(),
        Actions = ToDocuments(explanation.Actions),
        Policies = explanation.Rule?.ToPolicies(),
        Backends = [.. explanation.Backends.Select(ToDocument)],
        OtherListeners = [.. explanation.OtherListeners.Select(ToDocument)],
        OtherMatches = [.. explanation.OtherMatches.Select(ToDocument)],
        Notes = explanation.Notes,
    };

    private static JsonElement[] ToDocuments(IEnumerable<RuleAction> actions) =>
        [.. actions.Select(static action => JsonSerializer.SerializeToElement(action, MatchTableJson.Options))];

    private static ExplainedBackendView ToDocument(this ExplainedBackend backend) =>
        new(backend.Key, backend.Weight, backend.Percent, backend.FailureStatus, backend.Endpoints)
        {
            Actions = backend.Actions.Count == 0 ? null : ToDocuments(backend.Actions),
        };

    private static ExplainedPoliciesView? ToPolicies(this CompiledRule rule) =>
        rule is { RequestTimeoutMs: null, BackendRequestTimeoutMs: null, Retry: null, Session: null }
            ? null
            : new ExplainedPoliciesView(rule.RequestTimeoutMs, rule.BackendRequestTimeoutMs, rule.Retry?.Attempts, rule.Retry?.Codes, rule.Session?.Name);

    private static ExplainedListenerView ToDocument(this ExplainedListener listener) => new(listener.Id, listener.Gateway, listener.Hostname, listener.Reason);

    private static ExplainedMatchView ToDocument(this ExplainedMatch match) => new(
        match.Route is { } route ? new ObjectReference(route.Kind, route.Tenant, route.Name) : null,
        match.Route?.Rule,
        match.MatchIndex,
        match.Hostname,
        match.Conditions,
        match.Fits,
        match.Reason);
}
