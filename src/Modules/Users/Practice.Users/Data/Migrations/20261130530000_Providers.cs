using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.Users.Data.Migrations
{
    /// <inheritdoc />
    public partial class Providers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "provider_attempts",
                schema: "users",
                columns: table => new
                {
                    token_hash = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_attempts", x => x.token_hash);
                }
            );

            migrationBuilder.CreateTable(
                name: "provider_links",
                schema: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    issuer = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_links", x => x.id);
                    table.ForeignKey(
                        name: "fk_provider_links_accounts_account_id",
                        column: x => x.account_id,
                        principalSchema: "users",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "provider_sign_ins",
                schema: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    token_hash = table.Column<string>(type: "text", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    normalized_email = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    issuer = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    step = table.Column<string>(type: "text", nullable: false),
                    connects = table.Column<bool>(type: "boolean", nullable: false),
                    password_shown = table.Column<bool>(type: "boolean", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_provider_sign_ins", x => x.id);
                    table.ForeignKey(
                        name: "fk_provider_sign_ins_accounts_account_id",
                        column: x => x.account_id,
                        principalSchema: "users",
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_provider_attempts_expires_at",
                schema: "users",
                table: "provider_attempts",
                column: "expires_at"
            );

            migrationBuilder.CreateIndex(
                name: "ix_provider_links_account_id",
                schema: "users",
                table: "provider_links",
                column: "account_id"
            );

            migrationBuilder.CreateIndex(
                name: "ix_provider_links_issuer_subject",
                schema: "users",
                table: "provider_links",
                columns: new[] { "issuer", "subject" },
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "ix_provider_sign_ins_account_id",
                schema: "users",
                table: "provider_sign_ins",
                column: "account_id"
            );

            migrationBuilder.CreateIndex(
                name: "ix_provider_sign_ins_expires_at",
                schema: "users",
                table: "provider_sign_ins",
                column: "expires_at"
            );

            migrationBuilder.CreateIndex(
                name: "ix_provider_sign_ins_token_hash",
                schema: "users",
                table: "provider_sign_ins",
                column: "token_hash",
                unique: true
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "provider_attempts", schema: "users");

            migrationBuilder.DropTable(name: "provider_links", schema: "users");

            migrationBuilder.DropTable(name: "provider_sign_ins", schema: "users");
        }
    }
}
