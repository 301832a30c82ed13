using System.Net;
using Gatehouse.DataPlane.Actions;
using Gatehouse.DataPlane.Authorization;
using Gatehouse.DataPlane.Hardening;
using Gatehouse.DataPlane.Mirroring;
using Gatehouse.DataPlane.Routing;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.SessionAffinity;

namespace Gatehouse.DataPlane.Forwarding;

/// <summary>
/// Builds the request to the backend and the answer to the client. One instance serves all routes: what differs comes with the request's
/// decision.
/// </summary>
internal sealed class GatewayTransformer(RequestHeaders requestHeaders, Mirrors mirrors, IEnumerable<ISessionAffinityPolicy> affinityPolicies, TimeProvider clock) : HttpTransformer
{
    private static readonly UriCreationOptions AsReceived = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Dictionary<string, ISessionAffinityPolicy> _affinity = affinityPolicies.ToDictionary(policy => policy.Name, StringComparer.Ordinal);

    public override ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var decision = httpContext.Features.GetRequiredFeature<RequestDecision>();
        proxyRequest.RequestUri = new Uri(string.Concat(decision.Path!.PrefixOf(destinationPrefix), decision.Target), AsReceived);
        requestHeaders.Copy(httpContext, proxyRequest, decision);
        RequestSteps.Apply(proxyRequest, decision, decision.Rule!.Actions);
        RequestSteps.Apply(proxyRequest, decision, decision.Backend!.Actions);
        if (decision.Copies is not null)
            mirrors.Send(decision, proxyRequest);
        return default;
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
            return false;
        var decision = httpContext.Features.GetRequiredFeature<RequestDecision>();
        if (decision.Retry?.Intercept((int)proxyResponse.StatusCode) == true)
            return false;
        if (!ResponseGuard.IsUsable(httpContext, proxyResponse))
        {
            decision.Fault = Fault.BadResponse;
            return false;
        }
        ResponseHeaders.Copy(proxyResponse, httpContext.Response.Headers);
        await AffinitizeAsync(httpContext, cancellationToken);
        decision.Rule!.Session?.Keep(httpContext, decision, clock.GetUtcNow());
        foreach (var changes in decision.Backend!.Actions.Response)
            ResponseHeaders.Change(httpContext.Response.Headers, changes);
        foreach (var changes in decision.Rule!.Actions.Response)
            ResponseHeaders.Change(httpContext.Response.Headers, changes);
        if (decision.Grants is not null)
        {
            foreach (var (_, grant) in decision.Grants)
                AuthHeaders.Apply(httpContext.Response.Headers, grant.Response);
        }
        decision.Cors?.Apply(httpContext.Request.Headers, httpContext.Response.Headers);
        decision.OnResponse(IsTunnel(httpContext, proxyResponse));
        return true;
    }

    private static bool IsTunnel(HttpContext context, HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.SwitchingProtocols || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    // YARP sets its affinity cookie in a transform of its own, which routes of an own registry do not have.
    private ValueTask AffinitizeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var proxy = context.GetReverseProxyFeature();
        return proxy.Cluster.Config.SessionAffinity is { Enabled: true, Policy: { } name } config && proxy.ProxiedDestination is { } destination
            ? _affinity[name].AffinitizeResponseAsync(context, proxy.Route.Cluster!, config, destination, cancellationToken)
            : default;
    }
}
