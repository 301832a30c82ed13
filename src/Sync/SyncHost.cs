using Gatehouse.Control;
using Gatehouse.ServiceDefaults;
using Gatehouse.ServiceDefaults.Health;
using Gatehouse.Sync.Clusters;
using Gatehouse.Sync.Keys;
using Gatehouse.Sync.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Sync;

/// <summary>The sync host: projects what Control compiles into Kubernetes clusters.</summary>
public static class SyncHost
{
    /// <summary>Builds the host; the caller starts and stops it.</summary>
    /// <param name="options">Settings.</param>
    public static WebApplication Build(SyncHostOptions options) => Build(options, new SyncOptions());

    internal static WebApplication Build(SyncHostOptions options, SyncOptions workers)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder(GatehouseHost.OptionsOf(typeof(SyncHost)));
        builder.AddHostDefaults("gatehouse-sync");
        builder.WebHost.UseUrls(options.Url);
        AddControl(builder.Services, options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(workers);
        builder.Services.AddSingleton<SyncMetrics>();
        builder.Services.AddSingleton<IDesiredStates, CompiledStates>();
        builder.Services.AddSingleton<IClusterConnector, ClusterConnector>();
        builder.Services.AddSingleton<ClusterSupervisor>();
        builder.Services.AddHostedService(static provider => provider.GetRequiredService<ClusterSupervisor>());
        builder.Services.AddHealthChecks()
            .AddCheck<CompiledCheck>("compiled", tags: [HealthEndpoints.ReadyTag])
            .AddCheck<ClustersCheck>("clusters", tags: [HealthEndpoints.ReadyTag]);

        var app = builder.Build();
        app.MapHealth();
        return app;
    }

    /// <summary>The compile host and the cluster store: those of the same process, or of its own.</summary>
    private static void AddControl(IServiceCollection services, SyncHostOptions options)
    {
        if (options is { CompileHost: { } compileHost, ClusterStore: { } store })
        {
            services.AddSingleton(compileHost);
            services.AddSingleton(store);
            return;
        }
        if (options.CompileHost is not null || options.ClusterStore is not null)
            throw new ArgumentException("A compile host comes with its cluster store.", nameof(options));
        services.AddControl(new ControlOptions { CompilerDatabase = options.CompilerDatabase.Reveal(), Compiler = options.Compiler, Keys = options.Keys });
        services.AddHostedService<KeyReload>();
    }
}
