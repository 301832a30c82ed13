using Gatehouse.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gatehouse.Migrations.Versions;

/// <summary>Row-level security, grants, the revision counter's function and the hostname ledger.</summary>
[DbContext(typeof(GatehouseDbContext))]
[Migration("20261120110932_Walls")]
public sealed class Walls : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(SqlFile.Read("walls"));
        migrationBuilder.Sql(SqlFile.Read("revisions"));
        migrationBuilder.Sql(SqlFile.Read("ledger"));
    }
}
