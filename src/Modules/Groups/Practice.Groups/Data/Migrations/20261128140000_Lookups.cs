using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <inheritdoc />
    public partial class Lookups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "lookups",
                schema: "groups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_lookups", x => x.id);
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_lookups_user_id_kind",
                schema: "groups",
                table: "lookups",
                columns: new[] { "user_id", "kind" }
            );
            migrationBuilder.ProtectByPerson("groups", "lookups");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "lookups", schema: "groups");
        }
    }
}
