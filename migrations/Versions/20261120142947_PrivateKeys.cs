using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gatehouse.Migrations.Versions
{
    /// <inheritdoc />
    public partial class PrivateKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "private_keys",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    certificate_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    key_fingerprint = table.Column<string>(type: "text", nullable: false),
                    kek_id = table.Column<string>(type: "text", nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    ciphertext = table.Column<byte[]>(type: "bytea", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("private_keys_pkey", x => new { x.tenant_id, x.certificate_id });
                    table.CheckConstraint("private_keys_version_is_positive", "version >= 1");
                    table.ForeignKey(
                        name: "private_keys_tenant_id_certificate_id_fkey",
                        columns: x => new { x.tenant_id, x.certificate_id },
                        principalTable: "resources",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "private_keys_tenant_id_fkey",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "private_keys_tenant_id_kek_id_idx",
                table: "private_keys",
                columns: new[] { "tenant_id", "kek_id" });

            migrationBuilder.Sql(SqlFile.Read("private_keys"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "private_keys");
        }
    }
}
