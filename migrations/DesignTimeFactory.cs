using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Gatehouse.Migrations;

/// <summary>For <c>dotnet ef migrations add</c>, which needs the model and no database.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<GatehouseDbContext>
{
    public GatehouseDbContext CreateDbContext(string[] args) => new(Options);

    private static DbContextOptions<GatehouseDbContext> Options { get; } =
        (DbContextOptions<GatehouseDbContext>)new DbContextOptionsBuilder<GatehouseDbContext>().UseGatehouse("Host=design-time").Options;
}
