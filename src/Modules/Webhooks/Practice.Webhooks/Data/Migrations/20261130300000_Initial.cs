using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.Webhooks.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(name: "webhooks");

            migrationBuilder.CreateTable(
                name: "deliveries",
                schema: "webhooks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    webhook_id = table.Column<Guid>(type: "uuid", nullable: false),
                    @event = table.Column<string>(name: "event", type: "text", nullable: false),
                    payload = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    tried_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    status_code = table.Column<int>(type: "integer", nullable: true),
                    problem = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deliveries", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "queues",
                schema: "webhooks",
                columns: table => new
                {
                    webhook_id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    waiting = table.Column<int>(type: "integer", nullable: false),
                    leased_by = table.Column<Guid>(type: "uuid", nullable: true),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    failures_in_a_row = table.Column<int>(type: "integer", nullable: false),
                    paused_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_success_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    wake_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    clean_up_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_queues", x => x.webhook_id);
                }
            );

            migrationBuilder.CreateTable(
                name: "webhooks",
                schema: "webhooks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    url = table.Column<string>(type: "text", nullable: false),
                    events = table.Column<List<string>>(type: "text[]", nullable: false),
                    secret = table.Column<string>(type: "text", nullable: false),
                    former_secret = table.Column<string>(type: "text", nullable: true),
                    former_secret_until = table.Column<DateTimeOffset>(
                        type: "timestamp with time zone",
                        nullable: true
                    ),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    disabled_reason = table.Column<string>(type: "text", nullable: true),
                    disabled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhooks", x => x.id);
                }
            );

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_waiting",
                schema: "webhooks",
                table: "deliveries",
                columns: new[] { "webhook_id", "next_attempt_at", "id" },
                filter: "status = 'Waiting'"
            );

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_webhook_id_id",
                schema: "webhooks",
                table: "deliveries",
                columns: new[] { "webhook_id", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_webhooks_group_id_id",
                schema: "webhooks",
                table: "webhooks",
                columns: new[] { "group_id", "id" }
            );

            migrationBuilder.ProtectByGroup("webhooks", "webhooks");
            migrationBuilder.ProtectByGroup("webhooks", "queues");
            migrationBuilder.ProtectByGroup("webhooks", "deliveries");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "deliveries", schema: "webhooks");

            migrationBuilder.DropTable(name: "queues", schema: "webhooks");

            migrationBuilder.DropTable(name: "webhooks", schema: "webhooks");
        }
    }
}
