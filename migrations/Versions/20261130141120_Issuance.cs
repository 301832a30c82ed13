using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gatehouse.Migrations.Versions
{
    /// <inheritdoc />
    public partial class Issuance : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "proof_key",
                table: "tenants",
                type: "uuid",
                nullable: false,
                defaultValueSql: "gen_random_uuid()");

            migrationBuilder.AddColumn<string>(
                name: "proof",
                table: "hostname_claims",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "acme_challenges",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    token = table.Column<string>(type: "text", nullable: false),
                    hostname_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    key_authorization = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("acme_challenges_pkey", x => new { x.tenant_id, x.token });
                    table.CheckConstraint("acme_challenges_type", "type IN ('http-01', 'tls-alpn-01')");
                    table.ForeignKey(
                        name: "acme_challenges_tenant_id_fkey",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "acme_challenges_tenant_id_hostname_id_fkey",
                        columns: x => new { x.tenant_id, x.hostname_id },
                        principalTable: "resources",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "certificate_issuances",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hostname_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    epoch = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    state = table.Column<string>(type: "text", nullable: false),
                    step = table.Column<string>(type: "text", nullable: true),
                    issuer = table.Column<string>(type: "text", nullable: true),
                    order_url = table.Column<string>(type: "text", nullable: true),
                    key_version = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    kek_id = table.Column<string>(type: "text", nullable: true),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    ciphertext = table.Column<byte[]>(type: "bytea", nullable: true),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    problems = table.Column<string>(type: "json", nullable: true),
                    generation = table.Column<long>(type: "bigint", nullable: false),
                    not_after = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    renew_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    renew_because = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("certificate_issuances_pkey", x => new { x.tenant_id, x.hostname_id });
                    table.ForeignKey(
                        name: "certificate_issuances_tenant_id_fkey",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "certificate_issuances_tenant_id_hostname_id_fkey",
                        columns: x => new { x.tenant_id, x.hostname_id },
                        principalTable: "resources",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "hostname_checks",
                columns: table => new
                {
                    tenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hostname_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hostname = table.Column<string>(type: "text", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    checked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    lost_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    report = table.Column<string>(type: "json", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("hostname_checks_pkey", x => new { x.tenant_id, x.hostname_id });
                    table.ForeignKey(
                        name: "hostname_checks_tenant_id_fkey",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "hostname_checks_tenant_id_hostname_id_fkey",
                        columns: x => new { x.tenant_id, x.hostname_id },
                        principalTable: "resources",
                        principalColumns: new[] { "tenant_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "acme_challenges_tenant_id_hostname_id_idx",
                table: "acme_challenges",
                columns: new[] { "tenant_id", "hostname_id" });

            migrationBuilder.CreateIndex(
                name: "certificate_issuances_due_at_idx",
                table: "certificate_issuances",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "hostname_checks_due_at_idx",
                table: "hostname_checks",
                column: "due_at");

            migrationBuilder.Sql(SqlFile.Read("issuance"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE acme_accounts");

            migrationBuilder.DropTable(
                name: "acme_challenges");

            migrationBuilder.DropTable(
                name: "certificate_issuances");

            migrationBuilder.DropTable(
                name: "hostname_checks");

            migrationBuilder.DropColumn(
                name: "proof_key",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "proof",
                table: "hostname_claims");
        }
    }
}
