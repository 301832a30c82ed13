using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gatehouse.Migrations.Versions
{
    /// <inheritdoc />
    public partial class ImportOwnership : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "managed_scope",
                table: "resources",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "managed_source",
                table: "resources",
                type: "text",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "resources_managed_source_managed_scope_tenant_id_idx",
                table: "resources",
                columns: new[] { "managed_source", "managed_scope", "tenant_id" },
                filter: "managed_source IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "resources_managed_scope",
                table: "resources",
                sql: "managed_scope IN ('platform', 'tenant')");

            migrationBuilder.AddCheckConstraint(
                name: "resources_managed_together",
                table: "resources",
                sql: "(managed_scope IS NULL) = (managed_source IS NULL)");

            migrationBuilder.Sql(SqlFile.Read("imports"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP POLICY platform_import ON resources");

            migrationBuilder.DropIndex(
                name: "resources_managed_source_managed_scope_tenant_id_idx",
                table: "resources");

            migrationBuilder.DropCheckConstraint(
                name: "resources_managed_scope",
                table: "resources");

            migrationBuilder.DropCheckConstraint(
                name: "resources_managed_together",
                table: "resources");

            migrationBuilder.DropColumn(
                name: "managed_scope",
                table: "resources");

            migrationBuilder.DropColumn(
                name: "managed_source",
                table: "resources");
        }
    }
}
