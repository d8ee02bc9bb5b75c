using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Users.Data.Migrations
{
    /// <inheritdoc />
    public partial class SessionVerifiedAt : Migration
    {
        // Of the sessions that are open it is not known.
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "verified_at",
                schema: "users",
                table: "sessions",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "'epoch'"
            );
            migrationBuilder.Sql("alter table users.sessions alter verified_at set default now();");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "verified_at", schema: "users", table: "sessions");
        }
    }
}
