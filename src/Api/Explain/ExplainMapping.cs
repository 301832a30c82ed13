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
        Summary = explanation.Summary,
        Revision = revision,
        Listener = explanation.Listener?.ToDocument(),
        Match = explanation.Match?.ToDocument(),
        Actions = [.. explanation.Actions.Select(static action => JsonSerializer.SerializeToElement(action, MatchTableJson.Options))],
        Backends =
        [
            .. explanation.Backends.Select(static backend =>
                new ExplainedBackendView(backend.Key, backend.Weight, backend.Percent, backend.FailureStatus, backend.Endpoints)),
        ],
        OtherListeners = [.. explanation.OtherListeners.Select(ToDocument)],
        OtherMatches = [.. explanation.OtherMatches.Select(ToDocument)],
        Notes = explanation.Notes,
    };

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
