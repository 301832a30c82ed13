using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gatehouse.Migrations.Versions
{
    /// <inheritdoc />
    public partial class Clusters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "cluster_credentials",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    kek_id = table.Column<string>(type: "text", nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    ciphertext = table.Column<byte[]>(type: "bytea", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("cluster_credentials_pkey", x => new { x.tenant_id, x.cluster_id });
                    table.CheckConstraint("cluster_credentials_version_is_positive", "version >= 1");
                    table.ForeignKey(
                        name: "cluster_credentials_tenant_id_cluster_id_fkey",
                        columns: x => new { x.tenant_id, x.cluster_id },
                        principalTable: "resources",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "cluster_credentials_tenant_id_fkey",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "cluster_credentials_tenant_id_kek_id_idx",
                table: "cluster_credentials",
                columns: new[] { "tenant_id", "kek_id" });

            migrationBuilder.Sql(SqlFile.Read("clusters"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE cluster_tasks, cluster_shards, cluster_object_reports, cluster_reports, cluster_leases; DROP SEQUENCE cluster_object_change");

            migrationBuilder.DropTable(
                name: "cluster_credentials");
        }
    }
}
