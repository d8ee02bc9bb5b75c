using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Users.Data.Migrations
{
    /// <inheritdoc />
    public partial class NewSignIns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "new_sign_ins",
                schema: "users",
                table: "mail_preferences",
                type: "boolean",
                nullable: false,
                defaultValue: true
            );

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "two_factor_ends_at",
                schema: "users",
                table: "accounts",
                type: "timestamp with time zone",
                nullable: true
            );

            migrationBuilder.CreateTable(
                name: "address_counts",
                schema: "users",
                columns: table => new
                {
                    address_hash = table.Column<string>(type: "text", nullable: false),
                    act = table.Column<string>(type: "text", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_address_counts", x => new { x.address_hash, x.act });
                }
            );

            migrationBuilder.CreateTable(
                name: "known_devices",
                schema: "users",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_devices", x => new { x.account_id, x.name });
                    table.ForeignKey(
                        name: "fk_known_devices_accounts_account_id",
                        column: x => x.account_id,
                        principalSchema: "users",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "address_counts", schema: "users");

            migrationBuilder.DropTable(name: "known_devices", schema: "users");

            migrationBuilder.DropColumn(name: "new_sign_ins", schema: "users", table: "mail_preferences");

            migrationBuilder.DropColumn(name: "two_factor_ends_at", schema: "users", table: "accounts");
        }
    }
}
