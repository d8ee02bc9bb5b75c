using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Webhooks.Data.Migrations;

[DbContext(typeof(WebhooksDbContext))]
[Migration("20261130510000_SlowReceivers")]
internal sealed class SlowReceivers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<bool>(
            name: "is_slow",
            schema: "webhooks",
            table: "queues",
            type: "boolean",
            nullable: false,
            defaultValue: false
        );
}
