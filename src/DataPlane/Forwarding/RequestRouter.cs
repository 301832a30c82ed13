using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Challenges;
using Gatehouse.DataPlane.Hardening;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Tls;
using Gatehouse.Gateway.Matching;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>Decides a request: socket → listener → host → match → rule, then → backend. Does nothing but decide.</summary>
internal static class RequestRouter
{
    /// <summary>Finds the rule.</summary>
    /// <returns>Why the gateway must answer itself; null: the rule is found, or the decision has what is answered before any rule.</returns>
    public static Fault? FindRule(HttpContext context, ConnectionOrigin origin, RouteTable table, RequestDecision decision)
    {
        var request = context.Request;
        decision.Asked = decision.Target = OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (RequestGuard.Check(context, decision.Target) is { } refused)
            return refused;
        var hosts = request.Headers.Host;
        if (hosts.Count != 1 || !RequestHost.TryNormalize(hosts[0], out var host))
            return Fault.BadHost;
        decision.Host = host.Length == hosts[0]!.Length ? hosts[0]! : host.ToString();
        if (!TryPath(decision.Target, out var path, out var query))
            return Fault.BadTarget;
        // Also for hosts of no listener: who came by the certificate of nobody is told to come by a name.
        if (origin.TlsListener == NeutralCertificate.Listener)
            return Fault.Misdirected;
        // Authorities ask over plain HTTP.
        if (origin.TlsListener is null && (decision.Challenge = HttpChallenge.Find(request, table, host, path)) is not null)
            return null;
        switch (MatchResolver.FindListener(table.Listeners, origin.Keys, host, origin.TlsListener, out var listener))
        {
            case ListenerChoice.None:
                return Fault.NoListener;
            case ListenerChoice.Misdirected:
                return Fault.Misdirected;
        }
        // The port's protocol has changed under a connection of the old one, which is about to end.
        if (listener!.Entry.Protocol != (origin.TlsListener is null ? "HTTP" : "HTTPS"))
            return Fault.NoListener;
        decision.Listener = listener.Entry;
        if (listener.Entry.HttpsRedirect is { } redirect && table.HasCertificateFor(redirect))
            return Redirect(request, redirect, decision);
        var method = HttpMethods.IsConnect(request.Method) ? HttpMethods.Get : request.Method;
        if (!MatchResolver.TryMatch(listener, host, new HttpMatchRequest(method, path, query, request.Headers), out var found, out var index))
            return Fault.NoRoute;
        var (rule, match) = (found.RuleOf(index), found.Matcher.Entry.Matches[index]);
        decision.Rule = rule;
        // TRACE echoes credentials; only a route that names it gets it.
        if (HttpMethods.IsTrace(method) && match.Method != HttpMethods.Trace)
            return Fault.MethodNotAllowed;
        if (rule.Rule.FixedStatus is { } status)
            return Fault.Invalid(status);
        return rule.Actions.Unknown is null ? null : Fault.RuleFailed;
    }

    /// <summary>Chooses the backend of the rule that was found.</summary>
    /// <returns>Why the gateway must answer itself; null: the backend gets the request.</returns>
    public static Fault? ChooseBackend(HttpContext context, RouteTable table, RequestDecision decision, TimeProvider clock)
    {
        var rule = decision.Rule!;
        var target = rule.Session is null ? null : TargetOfSession(context, table, decision, clock);
        if ((target ?? rule.Pick()) is not { } chosen)
            return Fault.Invalid(StatusCodes.Status500InternalServerError);
        decision.Backend = chosen;
        if (chosen.Actions.Unknown is not null)
            return Fault.RuleFailed;
        if (chosen.Backend is not { } key)
            return Fault.Invalid(chosen.FailureStatus);
        if (!table.Backends.TryGetValue(key, out var state))
            return Fault.NoBackend;
        decision.State = state;
        return null;
    }

    // gRPC clients follow no redirects (https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
    private static Fault? Redirect(HttpRequest request, HttpsRedirectEntry redirect, RequestDecision decision)
    {
        if (ErrorResponder.IsGrpc(request))
            return Fault.HttpsRequired;
        decision.HttpsRedirect = redirect;
        return null;
    }

    private static RuleTarget? TargetOfSession(HttpContext context, RouteTable table, RequestDecision decision, TimeProvider clock)
    {
        if (decision.Rule!.Session!.Find(context.Request, table, decision.Rule, clock.GetUtcNow()) is not { } session)
            return null;
        decision.Pinned = session.Endpoint;
        return session.Target;
    }

    /// <summary>Applies the rewrites of the rule and of the backend.</summary>
    public static void Rewrite(RequestDecision decision)
    {
        Rewrite(decision.Rule!.Actions.Rewrite, decision);
        Rewrite(decision.Backend!.Actions.Rewrite, decision);
    }

    /// <summary>Splits a target into the path in its normal form and the query.</summary>
    public static bool TryPath(string target, out ReadOnlySpan<char> path, out ReadOnlySpan<char> query)
    {
        var question = target.IndexOf('?');
        query = question < 0 ? default : target.AsSpan(question + 1);
        return RequestPath.TryNormalize(question < 0 ? target : target.AsSpan(0, question), out path);
    }

    // The backend's rewrite replaces the prefix that was matched, so it starts from the path as it was asked for and not from what the rule made of it.
    private static void Rewrite(UrlRewriteAction? rewrite, RequestDecision decision)
    {
        if (rewrite is null)
            return;
        decision.HostOverride = rewrite.Hostname ?? decision.HostOverride;
        if (rewrite.Path is not { } change)
            return;
        TryPath(decision.Asked, out var path, out _);
        var query = decision.Asked.IndexOf('?');
        decision.Target = string.Concat(PathChanges.Apply(change, path), query < 0 ? "" : decision.Asked.AsSpan(query));
    }

    // A client may name the host in the target too (RFC 9112 §3.2.2); Kestrel has checked that it is the same.
    private static string OriginForm(string target)
    {
        if (target.Length == 0 || target[0] == '/')
            return target;
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
            return target;
        var end = target.AsSpan(authority + 3).IndexOfAny('/', '?');
        var rest = end < 0 ? "" : target[(authority + 3 + end)..];
        return rest.Length > 0 && rest[0] == '/' ? rest : "/" + rest;
    }
}
