using System.Text;
using Gatehouse.DataPlane.Authorization;
using Gatehouse.DataPlane.Backends;
using Gatehouse.DataPlane.Challenges;
using Gatehouse.DataPlane.Feed;
using Gatehouse.DataPlane.Forwarding;
using Gatehouse.DataPlane.Health;
using Gatehouse.DataPlane.Listeners;
using Gatehouse.DataPlane.Mirroring;
using Gatehouse.DataPlane.Routing;
using Gatehouse.DataPlane.Snapshots;
using Gatehouse.DataPlane.Streams;
using Gatehouse.DataPlane.Telemetry;
using Gatehouse.DataPlane.Tls;
using Gatehouse.ServiceDefaults;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.SessionAffinity;

namespace Gatehouse.DataPlane.Hosting;

/// <summary>Builds the data plane's host.</summary>
public static class DataPlaneHost
{
    private const string Nowhere = "nowhere";

    /// <summary>Builds the host from arguments and environment variables.</summary>
    /// <exception cref="FormatException">An option cannot be read; the message is for the user.</exception>
    public static WebApplication Build(string[] args) => Build(DataPlaneArguments.Parse(args, Environment.GetEnvironmentVariable));

    internal static WebApplication Build(DataPlaneOptions options)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var builder = WebApplication.CreateSlimBuilder(GatehouseHost.OptionsOf(typeof(DataPlaneHost)));
        builder.AddHostDefaults("gatehouse-data-plane");
        // Standard output belongs to the access log.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Gatehouse", LogLevel.Information)
            // YARP warns of each request that fails; the access log says so already.
            .AddFilter("Yarp", LogLevel.Error).AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        // Above the drain, so that what is still running then is cut by us and not by the host.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.LameDuckTime + options.DrainTime + TimeSpan.FromSeconds(10));
        // The slim builder leaves out what a lane with TLS needs.
        builder.WebHost.UseKestrelHttpsConfiguration();
        AddServices(builder.Services, options);
        var app = builder.Build();
        app.Use((context, rest) => context.Features.Get<ConnectionOrigin>() is null
            ? context.RequestServices.GetRequiredService<AdminEndpoints>().AnswerAsync(context)
            : rest(context));
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<GatewayMiddleware>();
            proxy.UseSessionAffinity();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }

    private static void AddServices(IServiceCollection services, DataPlaneOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ConnectionLimits>().AddSingleton<LaneTransport>().AddSingleton<SocketFactory>().AddSingleton<SocketSet>().AddSingleton<Entrance>();
        services.AddSingleton<CurrentTable>().AddSingleton<ClientValidation>().AddSingleton<ServerHandshakes>().AddSingleton<NeutralCertificate>().AddSingleton<TlsStreams>().AddSingleton<TlsAlpnChallenge>().AddSingleton<TlsFront>();
        services.AddSingleton<StreamCounts>().AddSingleton<RelaySet>().AddSingleton<StreamForwarder>().AddSingleton<StreamTelemetry>().AddSingleton<TcpFront>().AddSingleton<UdpSessions>().AddSingleton<UdpFront>();
        services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<LaneTransport>());
        services.AddOptions<KestrelServerOptions>().Configure<LaneTransport>((kestrel, lanes) => Configure(kestrel, lanes, options));
        services.AddSingleton<AddressPolicy>().AddSingleton<ShownCertificates>().AddSingleton<OutboundConnector>().AddSingleton<OutboundClients>().AddSingleton<BackendRegistry>();
        services.AddSingleton<ISessionAffinityPolicy, EndpointCookiePolicy>().AddSingleton<ILoadBalancingPolicy, WeightedPolicy>().AddSingleton<ILoadBalancingPolicy, WeightedLeastRequestsPolicy>();
        services.AddSingleton<TableStore>().AddSingleton<RequestHeaders>().AddSingleton<GatewayTransformer>().AddSingleton<Mirrors>().AddSingleton<Exchange>().AddSingleton<ExternalAuthorizer>().AddSingleton<Gatekeeper>().AddSingleton<TrafficHealth>();
        services.AddSingleton<SeriesRegistry>().AddSingleton<MetricsDump>().AddSingleton<RequestTelemetry>().AddSingleton<AccessLog>().AddHostedService(provider => provider.GetRequiredService<AccessLog>());
        services.AddSingleton<Readiness>().AddSingleton<AdminEndpoints>().AddHostedService<Drainer>().AddHostedService<Upkeep>();
        services.AddSingleton<FeedStatus>().AddSingleton<HealthReports>().AddSingleton<EndpointProbe>();
        services.AddSingleton<HealthMonitor>().AddHostedService(provider => provider.GetRequiredService<HealthMonitor>());
        if (options.SnapshotFile is not null)
            services.AddHostedService<SnapshotFileSource>();
        if (options.Feed is not null)
            AddFeed(services);
        // All that YARP's own configuration ever holds: a route for everything to a cluster of nothing.
        services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = Nowhere, Match = new RouteMatch { Path = "/{**any}" } }],
            [new ClusterConfig { ClusterId = Nowhere }]);
    }

    private static void AddFeed(IServiceCollection services)
    {
        services.AddSingleton<FeedConnection>().AddSingleton<FeedLedger>().AddSingleton<LossGuard>().AddSingleton<FeedHost>();
        // Stopped in reverse order: the client before the snapshot, which then writes the last state.
        services.AddSingleton<LastGoodSnapshot>().AddHostedService(provider => provider.GetRequiredService<LastGoodSnapshot>());
        services.AddHostedService<FeedClient>().AddHostedService<Acknowledger>();
    }

    private static void Configure(KestrelServerOptions kestrel, LaneTransport lanes, DataPlaneOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.RequestHeaderEncodingSelector = HeaderEncodings.Of;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        var limits = kestrel.Limits;
        // ConnectionLimits counts: a connection that Kestrel turned away behind it would never be counted out again.
        limits.MaxConcurrentConnections = null;
        limits.MaxConcurrentUpgradedConnections = options.MaxConnections;
        limits.MaxRequestBodySize = options.MaxRequestBody == 0 ? null : options.MaxRequestBody;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.InitialStreamWindowSize = 64 * 1024;
        limits.Http2.InitialConnectionWindowSize = 1024 * 1024;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        lanes.Configure(kestrel);
        if (options.Admin is { } admin)
            kestrel.Listen(admin);
    }
}
