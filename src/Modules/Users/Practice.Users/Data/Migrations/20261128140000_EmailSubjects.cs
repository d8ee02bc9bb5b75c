using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Users.Data.Migrations
{
    /// <inheritdoc />
    public partial class EmailSubjects : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "subject_id",
                schema: "users",
                table: "asked_mails",
                type: "uuid",
                nullable: true
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "subject_id", schema: "users", table: "asked_mails");
        }
    }
}
