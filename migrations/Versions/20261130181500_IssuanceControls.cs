using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gatehouse.Migrations.Versions
{
    /// <inheritdoc />
    public partial class IssuanceControls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "certificate_revocations",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    certificate = table.Column<string>(type: "text", nullable: false),
                    issuer = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<int>(type: "integer", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    problem = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("certificate_revocations_pkey", x => new { x.tenant_id, x.id });
                    table.ForeignKey(
                        name: "certificate_revocations_tenant_id_fkey",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "certificate_revocations_due_at_idx",
                table: "certificate_revocations",
                column: "due_at");

            migrationBuilder.Sql(SqlFile.Read("issuance_controls"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE acme_accounts DROP CONSTRAINT acme_accounts_next_key, DROP COLUMN key_created_at, DROP COLUMN next_kek_id, DROP COLUMN next_wrapped_key, DROP COLUMN next_ciphertext, DROP COLUMN next_created_at");
            migrationBuilder.Sql("DROP TABLE acme_orders");

            migrationBuilder.DropTable(
                name: "certificate_revocations");
        }
    }
}
