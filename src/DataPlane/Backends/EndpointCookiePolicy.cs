using System.Security.Cryptography;
using System.Text;
using Gatehouse.DataPlane.Routing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.SessionAffinity;

namespace Gatehouse.DataPlane.Backends;

/// <summary>
/// Keeps a client on an endpoint by a cookie that names it by a hash, so that every replica understands it and no address is shown.
/// </summary>
internal sealed class EndpointCookiePolicy : ISessionAffinityPolicy
{
    public const string Name = "GatehouseEndpointCookie";

    string ISessionAffinityPolicy.Name => Name;

    /// <summary>What a cookie holds for an endpoint of a backend.</summary>
    public static string ValueOf(string backend, string endpoint) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{backend}\n{endpoint}")).AsSpan(0, 8));

    public AffinityResult FindAffinitizedDestinations(
        HttpContext context, ClusterState cluster, SessionAffinityConfig config, IReadOnlyList<DestinationState> destinations)
    {
        if (context.Request.Cookies[config.AffinityKeyName] is not { } wanted)
            return new AffinityResult(null, AffinityStatus.AffinityKeyNotSet);
        var state = context.Features.Get<RequestDecision>()?.State;
        foreach (var destination in destinations)
        {
            if (state?.EndpointOf(destination)?.CookieValue == wanted)
                return new AffinityResult(destination, AffinityStatus.OK);
        }
        return new AffinityResult(null, AffinityStatus.DestinationNotFound);
    }

    public ValueTask<AffinityResult> FindAffinitizedDestinationsAsync(
        HttpContext context, ClusterState cluster, SessionAffinityConfig config, IReadOnlyList<DestinationState> destinations, CancellationToken cancellationToken) =>
        ValueTask.FromResult(FindAffinitizedDestinations(context, cluster, config, destinations));

    public void AffinitizeResponse(HttpContext context, ClusterState cluster, SessionAffinityConfig config, DestinationState destination)
    {
        var value = context.Features.Get<RequestDecision>()?.State?.EndpointOf(destination)?.CookieValue;
        if (value is not null && context.Request.Cookies[config.AffinityKeyName] != value)
            context.Response.Cookies.Append(config.AffinityKeyName, value, new CookieOptions { HttpOnly = true, Path = "/", SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps });
    }

    public ValueTask AffinitizeResponseAsync(
        HttpContext context, ClusterState cluster, SessionAffinityConfig config, DestinationState destination, CancellationToken cancellationToken)
    {
        AffinitizeResponse(context, cluster, config, destination);
        return default;
    }
}
