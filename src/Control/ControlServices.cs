using Gatehouse.Control.Clusters;
using Gatehouse.Control.Compiling;
using Gatehouse.Control.Feed;
using Gatehouse.Control.Following;
using Gatehouse.Control.Loading;
using Gatehouse.Control.PrivateKeys;
using Gatehouse.Control.Replicas;
using Gatehouse.Control.Status;
using Gatehouse.Persistence.Revisions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Control;

/// <summary>Registers the compile host, the feed and the status reader.</summary>
public static class ControlServices
{
    /// <summary>Adds all of it; the compile host starts with the application.</summary>
    public static IServiceCollection AddControl(this IServiceCollection services, ControlOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RevisionSignal>();
        services.AddSingleton(options);
        services.AddSingleton<ChangeBell>();
        services.AddSingleton<DataPlaneCredentials>();
        services.AddSingleton<PoolFeeds>();
        services.AddSingleton(options.Keys);
        services.AddSingleton<PrivateKeyFaults>();
        services.AddSingleton(provider => new PrivateKeyCheck(
            provider.GetRequiredService<CompilerDatabase>().Source, provider.GetRequiredService<CompileHost>(), provider.GetRequiredService<PrivateKeyFaults>()));
        services.AddSingleton(provider => new PrivateKeyReader(
            provider.GetRequiredService<CompilerDatabase>().Source, options.Keys, provider.GetRequiredService<PrivateKeyFaults>()));
        services.AddSingleton(provider => new CompilerDatabase(options, provider.GetService<ILoggerFactory>()));
        services.AddSingleton(provider => new InputLoader(provider.GetRequiredService<CompilerDatabase>().Source, options));
        services.AddSingleton(provider => new ReplicaRegistry(options, provider.GetRequiredService<ChangeBell>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ReplicaStore(
            provider.GetRequiredService<CompilerDatabase>().Source, provider.GetRequiredService<ReplicaRegistry>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CompileHost(
            provider.GetRequiredService<InputLoader>(),
            options,
            provider.GetRequiredService<PoolFeeds>(),
            provider.GetRequiredService<ChangeBell>(),
            provider.GetRequiredService<RevisionSignal>(),
            provider.GetRequiredService<ILogger<CompileHost>>()));
        services.AddSingleton<TransitionTimes>();
        services.AddSingleton<ClusterStatuses>();
        services.AddSingleton(provider => new StatusReader(
            provider.GetRequiredService<CompileHost>(),
            provider.GetRequiredService<InputLoader>(),
            new ObjectViews(
                provider.GetRequiredService<ReplicaRegistry>(), provider.GetRequiredService<PrivateKeyFaults>(), provider.GetRequiredService<IClusterReports>()),
            provider.GetRequiredService<ChangeBell>(),
            provider.GetRequiredService<TransitionTimes>(),
            provider.GetRequiredService<ClusterStatuses>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddClusters(options);
        services.AddHostedService(provider => provider.GetRequiredService<CompileHost>());
        services.AddHostedService<RevisionListener>();
        services.AddHostedService<ReplicaSync>();
        return services;
    }

    /// <summary>What workers keep, and what they report.</summary>
    private static void AddClusters(this IServiceCollection services, ControlOptions options)
    {
        services.AddSingleton(provider => new ClusterSignals(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => new ClusterReports());
        services.TryAddSingleton<IClusterReports>(provider => provider.GetRequiredService<ClusterReports>());
        services.AddSingleton(provider => new ClusterLeases(provider.GetRequiredService<CompilerDatabase>().Source, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ClusterSecrets(
            provider.GetRequiredService<CompilerDatabase>().Source, options.Keys, provider.GetRequiredService<PrivateKeyReader>(), provider.GetRequiredService<PrivateKeyFaults>()));
        services.AddSingleton<IClusterStore>(provider => new ClusterStore(
            provider.GetRequiredService<CompilerDatabase>().Source,
            provider.GetRequiredService<ClusterLeases>(),
            provider.GetRequiredService<ClusterSecrets>(),
            provider.GetRequiredService<ClusterSignals>(),
            options));
        services.AddSingleton(provider => new ClusterReportReader(
            provider.GetRequiredService<CompilerDatabase>().Source,
            provider.GetRequiredService<ClusterReports>(),
            provider.GetRequiredService<ChangeBell>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => new ClusterReportSync(
            provider.GetRequiredService<ClusterReportReader>(),
            provider.GetRequiredService<CompilerDatabase>().Source,
            provider.GetRequiredService<ClusterSignals>(),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClusterReportSync>>()));
    }
}

/// <summary>Connections of the login <c>gatehouse_compiler</c>; a type of its own, because the host may have other data sources.</summary>
internal sealed class CompilerDatabase : IAsyncDisposable, IDisposable
{
    public CompilerDatabase(ControlOptions options, ILoggerFactory? loggers)
    {
        var builder = new NpgsqlDataSourceBuilder(options.CompilerDatabase);
        builder.ConnectionStringBuilder.ApplicationName = "gatehouse-compiler";
        builder.ConnectionStringBuilder.MaxPoolSize = 6;
        builder.UseLoggerFactory(loggers);
        Source = builder.Build();
    }

    public NpgsqlDataSource Source { get; }

    public void Dispose() => Source.Dispose();

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
