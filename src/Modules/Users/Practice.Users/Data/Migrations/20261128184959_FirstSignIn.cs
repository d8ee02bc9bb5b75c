using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Users.Data.Migrations
{
    /// <inheritdoc />
    public partial class FirstSignIn : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "first_signed_in_at",
                schema: "users",
                table: "accounts",
                type: "timestamp with time zone",
                nullable: true
            );
            migrationBuilder.AddColumn<Guid>(
                name: "session_id",
                schema: "users",
                table: "passkey_attempts",
                type: "uuid",
                nullable: true
            );
            // Who has confirmed the account counts as having signed in: nobody recorded the day before.
            migrationBuilder.Sql("update users.accounts set first_signed_in_at = created_at where email_confirmed;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "session_id", schema: "users", table: "passkey_attempts");
            migrationBuilder.DropColumn(name: "first_signed_in_at", schema: "users", table: "accounts");
        }
    }
}
