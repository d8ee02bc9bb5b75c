using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Users.Data.Migrations
{
    /// <inheritdoc />
    public partial class Passkeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "passkey_attempts",
                schema: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passkey_attempts", x => x.id);
                    table.ForeignKey(
                        name: "fk_passkey_attempts_accounts_account_id",
                        column: x => x.account_id,
                        principalSchema: "users",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "passkeys",
                schema: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    credential_id = table.Column<byte[]>(type: "bytea", nullable: false),
                    data = table.Column<string>(type: "jsonb", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passkeys", x => x.id);
                    table.ForeignKey(
                        name: "fk_passkeys_accounts_user_id",
                        column: x => x.user_id,
                        principalSchema: "users",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_passkey_attempts_account_id",
                schema: "users",
                table: "passkey_attempts",
                column: "account_id"
            );

            migrationBuilder.CreateIndex(
                name: "ix_passkey_attempts_expires_at",
                schema: "users",
                table: "passkey_attempts",
                column: "expires_at"
            );

            migrationBuilder.CreateIndex(
                name: "ix_passkeys_credential_id",
                schema: "users",
                table: "passkeys",
                column: "credential_id",
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "ix_passkeys_user_id",
                schema: "users",
                table: "passkeys",
                column: "user_id"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "passkey_attempts", schema: "users");

            migrationBuilder.DropTable(name: "passkeys", schema: "users");
        }
    }
}
