using Gatehouse.Gateway.Matching;

namespace Gatehouse.Gateway.Explanation;

/// <summary>What becomes of a request, in its first words.</summary>
internal static class Outcomes
{
    private const int PermissionDenied = 7;
    private const int Unimplemented = 12;
    private const int Unavailable = 14;

    public static RequestExplanation Of(CompiledRule rule)
    {
        if (rule.FixedStatus is { } answer)
        {
            return new RequestExplanation
            {
                Outcome = RequestOutcome.RuleFailed,
                Status = answer,
                Summary = $"The rule answers {answer}: it has no usable backend, or could not be compiled. Its route's conditions say which.",
            };
        }
        if (rule.Actions.OfType<RedirectAction>().FirstOrDefault() is { } redirect)
            return new RequestExplanation { Outcome = RequestOutcome.Redirected, Status = redirect.StatusCode, Summary = $"The rule redirects with {redirect.StatusCode}." };
        var guarded = rule.Actions.Any(action => action is ExternalAuthAction) ? ", once its authorization service says yes" : "";
        return new RequestExplanation { Outcome = RequestOutcome.Forwarded, Summary = $"The rule sends the request to one of its backends{guarded}." };
    }

    public static RequestExplanation OfStream(CompiledRule rule) => rule.Backends.Any(backend => backend is { Backend: not null, Weight: > 0 })
        ? new RequestExplanation { Outcome = RequestOutcome.Forwarded, Summary = "The route passes it on to one of its backends." }
        : Rejected("the route has no usable backend; its conditions say why");

    public static RequestExplanation NoMatch(string host) => new()
    {
        Outcome = RequestOutcome.NoMatch,
        Status = 404,
        Summary = $"The listener takes `{host}`, but no match of a route that is attached to it fits: 404.",
    };

    public static RequestExplanation NoListener(string reason) => new()
    {
        Outcome = RequestOutcome.NoListener,
        Status = 404,
        Summary = $"Nothing serves the request: {reason}.",
    };

    public static RequestExplanation ToHttps(ExplainRequest request, string host)
    {
        if (request.IsGrpc)
        {
            return new RequestExplanation
            {
                Outcome = RequestOutcome.HttpsRequired,
                Status = 403,
                Summary = $"The Hostname of `{host}` has httpsRedirect, and gRPC clients follow no redirects: they are told to use TLS.",
            };
        }
        var status = request.Method is "GET" or "HEAD" ? 301 : 308;
        return new RequestExplanation
        {
            Outcome = RequestOutcome.Redirected,
            Status = status,
            Summary = $"The Hostname of `{host}` has httpsRedirect: before any route, {status} leads to https with the same path and query.",
        };
    }

    public static RequestExplanation Misdirected(string host, string sni) => new()
    {
        Outcome = RequestOutcome.Misdirected,
        Status = 421,
        Summary = $"TLS was set up for `{sni}`, but another listener takes `{host}`: 421, so that the client opens a connection of its own.",
    };

    public static RequestExplanation Rejected(string reason) => new() { Outcome = RequestOutcome.Rejected, Summary = $"The connection is refused: {reason}." };

    public static RequestExplanation Malformed(string reason) => new()
    {
        Outcome = RequestOutcome.Malformed,
        Status = 400,
        Summary = $"The request is refused with 400: {reason}.",
    };

    /// <summary>gRPC status in the place of the HTTP status (https://github.com/grpc/grpc/blob/master/doc/statuscodes.md); null: a backend answers.</summary>
    public static int? GrpcStatusOf(RequestExplanation explanation) => explanation.Outcome switch
    {
        RequestOutcome.NoMatch or RequestOutcome.NoListener => Unimplemented,
        RequestOutcome.HttpsRequired => PermissionDenied,
        RequestOutcome.RuleFailed => Unavailable,
        _ => null,
    };
}
