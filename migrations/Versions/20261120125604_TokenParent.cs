using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Gatehouse.Migrations.Versions
{
    /// <inheritdoc />
    public partial class TokenParent : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "parent_id",
                table: "api_tokens",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "api_tokens_tenant_id_parent_id_idx",
                table: "api_tokens",
                columns: new[] { "tenant_id", "parent_id" });

            migrationBuilder.AddForeignKey(
                name: "api_tokens_tenant_id_parent_id_fkey",
                table: "api_tokens",
                columns: new[] { "tenant_id", "parent_id" },
                principalTable: "api_tokens",
                principalColumns: new[] { "tenant_id", "id" },
                onDelete: ReferentialAction.Cascade);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "api_tokens_tenant_id_parent_id_fkey",
                table: "api_tokens");

            migrationBuilder.DropIndex(
                name: "api_tokens_tenant_id_parent_id_idx",
                table: "api_tokens");

            migrationBuilder.DropColumn(
                name: "parent_id",
                table: "api_tokens");
        }
    }
}
