using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Gatehouse.DataPlane.Forwarding;
using Gatehouse.Gateway.Matching;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.SessionAffinity;

namespace Gatehouse.DataPlane.Backends;

/// <summary>
/// Our own registry of clusters. YARP's would validate all of them at every change and refuse all for one; here a change costs the
/// backend that it touches, and endpoints that stay keep their health and counters.
/// </summary>
internal sealed class BackendRegistry(OutboundClients clients, GatewayTransformer transformer, IClusterDestinationsUpdater destinations, TimeProvider clock)
{
    /// <summary>How long an exchange may be silent.</summary>
    private static readonly TimeSpan ActivityTimeout = TimeSpan.FromSeconds(100);

    /// <summary>A request may hold a retired backend for a moment before it counts as one of its requests.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<(BackendState State, long Since)> _retired = new();

    /// <exception cref="MatchTableException">The entry cannot be used.</exception>
    public BackendState Create(BackendEntry entry, BackendState? before)
    {
        var options = OutboundOptions.Of(entry);
        var endpoints = Endpoints(entry, options, before);
        var client = clients.Rent(options);
        var config = Config(entry, options, endpoints);
        var cluster = new ClusterState(entry.Key, new ClusterModel(config, client.Invoker));
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.Weight > 0))
            cluster.Destinations[endpoint.Id] = endpoint.Destination;
        destinations.UpdateAllDestinations(cluster);
        var route = new RouteModel(new RouteConfig { RouteId = entry.Key, ClusterId = entry.Key, Match = new RouteMatch { Path = "/{**any}" } }, cluster, transformer);
        return new BackendState(entry, cluster, route, endpoints, client);
    }

    /// <summary>The way to a backend that fits what a request needs; the caller uses the backend, so that it cannot go meanwhile.</summary>
    public BackendPath PathOf(BackendState state, PathNeeds needs)
    {
        var usual = state.Client.Options;
        needs = needs with
        {
            IsHttp2 = needs.IsHttp2 && !usual.IsHttp2,
            // What the backend's owner says comes before what the Gateway's says.
            ClientCertificate = usual.IsTls && usual.ClientCertificate is null ? needs.ClientCertificate : null,
        };
        return needs == default ? state.Path : state.Paths.TryGetValue(needs, out var known) ? known : AddPath(state, needs);
    }

    /// <summary>Lets go of a backend once the requests that use it have ended.</summary>
    public void Retire(BackendState state) => _retired.Enqueue((state, clock.GetTimestamp()));

    /// <summary>Releases what retired backends held; called now and then.</summary>
    public void Sweep()
    {
        for (var left = _retired.Count; left > 0 && _retired.TryDequeue(out var retired); left--)
        {
            if (retired.State.InFlight > 0 || clock.GetElapsedTime(retired.Since) < Grace)
                _retired.Enqueue(retired);
            else
                Release(retired.State);
        }
    }

    private void Release(BackendState state)
    {
        clients.Return(state.Client);
        foreach (var path in state.Paths.Values)
            clients.Return(path.Client);
    }

    private BackendPath AddPath(BackendState state, PathNeeds needs)
    {
        var usual = state.Client.Options;
        var client = clients.Rent(usual with
        {
            IsHttp2 = usual.IsHttp2 || needs.IsHttp2,
            ClientCertificate = needs.ClientCertificate ?? usual.ClientCertificate,
        });
        var config = state.Cluster.Model.Config;
        var added = new BackendPath(
            new ClusterModel(
                config with
                {
                    HttpRequest = config.HttpRequest! with
                    {
                        ActivityTimeout = needs.IsPatient ? Timeout.InfiniteTimeSpan : ActivityTimeout,
                        Version = client.Options.IsHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
                    },
                },
                client.Invoker),
            client);
        var path = state.Paths.GetOrAdd(needs, added);
        if (!ReferenceEquals(path, added))
            clients.Return(client);
        return path;
    }

    private static EndpointState[] Endpoints(BackendEntry entry, OutboundOptions options, BackendState? before)
    {
        var known = before?.Endpoints.ToDictionary(endpoint => endpoint.Id, StringComparer.Ordinal) ?? [];
        var all = new Dictionary<string, EndpointState>(StringComparer.Ordinal);
        foreach (var endpoint in entry.Endpoints)
        {
            var host = HostOf(endpoint);
            var id = string.Create(CultureInfo.InvariantCulture, $"{host}:{endpoint.Port}");
            // TLS without HTTP/2 is done by our connector below a plain scheme: with https SocketsHttpHandler would keep a pool for each
            // Host that clients send, however many they think up.
            var scheme = options.IsTls && options.IsHttp2 ? "https" : "http";
            var address = $"{scheme}://{id}";
            var survivor = known.GetValueOrDefault(id) is { } old && old.Destination.Model.Config.Address == address ? old : null;
            all[id] = new EndpointState(
                endpoint.Address, endpoint.Port, endpoint.Weight,
                survivor?.Destination ?? new DestinationState(id, new DestinationModel(new DestinationConfig { Address = address })),
                survivor?.Health ?? new EndpointHealth())
            {
                CookieValue = entry.AffinityCookie is null ? null : EndpointCookiePolicy.ValueOf(entry.Key, id),
            };
        }
        return [.. all.Values];
    }

    private static string HostOf(EndpointEntry endpoint)
    {
        if (endpoint.Port is < 1 or > 65535 || endpoint.Weight < 0)
            throw new MatchTableException($"endpoint {endpoint.Address} has an impossible port or weight");
        if (IPAddress.TryParse(endpoint.Address, out var ip))
            return ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{ip}]" : ip.ToString();
        return Uri.CheckHostName(endpoint.Address) == UriHostNameType.Dns
            ? endpoint.Address.ToLowerInvariant()
            : throw new MatchTableException("an endpoint's address is neither an IP address nor a DNS name");
    }

    private static ClusterConfig Config(BackendEntry entry, OutboundOptions options, IReadOnlyList<EndpointState> endpoints) => new()
    {
        ClusterId = entry.Key,
        LoadBalancingPolicy = LoadBalancing.PolicyOf(entry.LoadBalancing, endpoints),
        HttpRequest = new ForwarderRequestConfig
        {
            ActivityTimeout = ActivityTimeout,
            Version = options.IsHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        },
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = entry.ActiveCheck is null ? HealthCheckConstants.AvailableDestinations.HealthyOrPanic : HealthCheckConstants.AvailableDestinations.HealthyAndUnknown,
            // Only to say that active health counts: our own monitor does the probing.
            Active = new ActiveHealthCheckConfig { Enabled = true },
            Passive = Passive(entry.PassiveCheck),
        },
        SessionAffinity = entry.AffinityCookie is not { Length: > 0 } cookie ? null : new SessionAffinityConfig
        {
            Enabled = true,
            Policy = EndpointCookiePolicy.Name,
            FailurePolicy = SessionAffinityConstants.FailurePolicies.Redistribute,
            AffinityKeyName = cookie,
        },
        Metadata = entry.PassiveCheck is null ? null : new Dictionary<string, string>
        {
            [TransportFailureRateHealthPolicyOptions.FailureRateLimitMetadataName] = (entry.PassiveCheck.FailurePercent / 100.0).ToString(CultureInfo.InvariantCulture),
        },
    };

    private static PassiveHealthCheckConfig? Passive(PassiveCheckEntry? check) => check is null ? null : new PassiveHealthCheckConfig
    {
        Enabled = true,
        Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
        ReactivationPeriod = TimeSpan.FromMilliseconds(Math.Clamp(check.ReactivationMs, 1_000, 3_600_000)),
    };
}
