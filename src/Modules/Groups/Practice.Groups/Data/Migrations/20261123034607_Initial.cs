using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.Groups.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(name: "groups");

            migrationBuilder.CreateTable(
                name: "current_groups",
                schema: "groups",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_current_groups", x => x.user_id);
                }
            );

            migrationBuilder.CreateTable(
                name: "groups",
                schema: "groups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "und-x-icu"),
                    reminders_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    reminders_hours_before = table.Column<int>(type: "integer", nullable: false),
                    invoice_currency = table.Column<string>(type: "text", nullable: false),
                    invoice_due_after_days = table.Column<int>(type: "integer", nullable: false),
                    requires_two_factor = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_groups", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "invitations",
                schema: "groups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_name = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    normalized_email = table.Column<string>(type: "text", nullable: false),
                    role_type = table.Column<string>(type: "text", nullable: false),
                    profession = table.Column<string>(type: "text", nullable: false),
                    registration_number = table.Column<string>(type: "text", nullable: true),
                    level = table.Column<string>(type: "text", nullable: false),
                    switched_on = table.Column<int>(type: "integer", nullable: false),
                    switched_off = table.Column<int>(type: "integer", nullable: false),
                    location_ids = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    invited_by_id = table.Column<Guid>(type: "uuid", nullable: false),
                    invited_by_name = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "memberships",
                schema: "groups",
                columns: table => new
                {
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: true),
                    first_name = table.Column<string>(type: "text", nullable: false),
                    last_name = table.Column<string>(type: "text", nullable: false),
                    role_type = table.Column<string>(type: "text", nullable: false),
                    profession = table.Column<string>(type: "text", nullable: false),
                    registration_number = table.Column<string>(type: "text", nullable: true),
                    level = table.Column<string>(type: "text", nullable: false),
                    switched_on = table.Column<int>(type: "integer", nullable: false),
                    switched_off = table.Column<int>(type: "integer", nullable: false),
                    is_owner = table.Column<bool>(type: "boolean", nullable: false),
                    location_ids = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    joined_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    deactivated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    deactivation_reason = table.Column<string>(type: "text", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    search_text = table.Column<string>(
                        type: "text",
                        nullable: true,
                        computedColumnSql: "lower((first_name || ' ' || last_name || ' ' || first_name || ' ' || email) collate \"und-x-icu\")",
                        stored: true
                    ),
                    sort_name = table.Column<string>(
                        type: "text",
                        nullable: true,
                        computedColumnSql: "lower((last_name || ' ' || first_name) collate \"und-x-icu\")",
                        stored: true,
                        collation: "und-x-icu"
                    ),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_memberships", x => new { x.group_id, x.user_id });
                }
            );

            migrationBuilder.CreateTable(
                name: "reservations",
                schema: "groups",
                columns: table => new
                {
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    normalized_email = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reserved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reservations", x => new { x.group_id, x.normalized_email });
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_invitations_group_id_id",
                schema: "groups",
                table: "invitations",
                columns: new[] { "group_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_invitations_group_id_normalized_email",
                schema: "groups",
                table: "invitations",
                columns: new[] { "group_id", "normalized_email" },
                unique: true,
                filter: "status = 'Pending'"
            );

            migrationBuilder.CreateIndex(
                name: "ix_invitations_user_id_id",
                schema: "groups",
                table: "invitations",
                columns: new[] { "user_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_memberships_group_id_sort_name_user_id",
                schema: "groups",
                table: "memberships",
                columns: new[] { "group_id", "sort_name", "user_id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_memberships_user_id",
                schema: "groups",
                table: "memberships",
                column: "user_id"
            );

            migrationBuilder.ProtectByGroup(
                "groups",
                "groups",
                "id",
                alsoVisible: $"id = any({RowSecurity.OwnGroups})"
            );
            migrationBuilder.ProtectByGroup("groups", "memberships", alsoVisible: $"user_id = {RowSecurity.Person}");
            migrationBuilder.ProtectByGroup("groups", "invitations", alsoVisible: $"user_id = {RowSecurity.Person}");
            migrationBuilder.ProtectByGroup("groups", "reservations");
            migrationBuilder.ProtectByPerson("groups", "current_groups");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "current_groups", schema: "groups");

            migrationBuilder.DropTable(name: "groups", schema: "groups");

            migrationBuilder.DropTable(name: "invitations", schema: "groups");

            migrationBuilder.DropTable(name: "memberships", schema: "groups");

            migrationBuilder.DropTable(name: "reservations", schema: "groups");
        }
    }
}
