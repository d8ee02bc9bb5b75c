using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Users.Data.Migrations
{
    /// <inheritdoc />
    public partial class SessionIssuers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "issuer",
                schema: "users",
                table: "sessions",
                type: "text",
                nullable: true
            );

            migrationBuilder.AddColumn<Guid>(
                name: "account_id",
                schema: "users",
                table: "provider_attempts",
                type: "uuid",
                nullable: true
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "issuer", schema: "users", table: "sessions");

            migrationBuilder.DropColumn(name: "account_id", schema: "users", table: "provider_attempts");
        }
    }
}
