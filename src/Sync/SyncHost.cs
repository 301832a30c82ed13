using Gatehouse.Control;
using Gatehouse.ServiceDefaults;
using Gatehouse.ServiceDefaults.Health;
using Gatehouse.Sync.Following;

namespace Gatehouse.Sync;

/// <summary>The sync host: projects what Control compiles into Kubernetes clusters.</summary>
public static class SyncHost
{
    /// <summary>Builds the host; the caller starts and stops it.</summary>
    /// <param name="options">Settings.</param>
    public static WebApplication Build(SyncHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder(GatehouseHost.OptionsOf(typeof(SyncHost)));
        builder.AddHostDefaults("gatehouse-sync");
        builder.WebHost.UseUrls(options.Url);
        if (options.CompileHost is { } shared)
            builder.Services.AddSingleton(shared);
        else
            builder.Services.AddControl(new ControlOptions { CompilerDatabase = options.CompilerDatabase.Reveal(), Compiler = options.Compiler });
        builder.Services.AddSingleton<FollowedState>();
        builder.Services.AddHostedService<CompiledStateFollower>();
        builder.Services.AddHealthChecks().AddCheck<FollowerCheck>("compiled", tags: [HealthEndpoints.ReadyTag]);

        var app = builder.Build();
        app.MapHealth();
        return app;
    }
}
