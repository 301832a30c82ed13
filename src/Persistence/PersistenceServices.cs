using Gatehouse.Persistence.Hostnames;
using Gatehouse.Persistence.Identity;
using Gatehouse.Persistence.Revisions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Persistence;

/// <summary>Registers the database.</summary>
public static class PersistenceServices
{
    /// <summary>Adds the context (scoped), its transactions, the ledger and the identity lookups.</summary>
    /// <param name="services">Services.</param>
    /// <param name="connectionString">Connection string of the login <c>gatehouse_app</c>.</param>
    /// <param name="hostnames">How the ledger decides.</param>
    public static IServiceCollection AddPersistence(this IServiceCollection services, string connectionString, HostnameOptions hostnames)
    {
        services.AddDbContext<GatehouseDbContext>(builder => builder.UseGatehouse(connectionString));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RevisionSignal>();
        services.AddSingleton(hostnames);
        services.AddSingleton<HostnameLedger>();
        services.AddScoped<Transactions>();
        services.AddScoped<IdentityLookup>();
        return services;
    }

    /// <summary>Configures a context for Postgres.</summary>
    public static DbContextOptionsBuilder UseGatehouse(this DbContextOptionsBuilder builder, string connectionString) =>
        builder.UseNpgsql(connectionString, npgsql => npgsql
            .MigrationsAssembly("Gatehouse.Migrations")
            .MigrationsHistoryTable(GatehouseDbContext.MigrationsTable));
}
