using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Webhooks.Data.Migrations;

/// <summary>Who made the webhooks so far is in the audit alone.</summary>
[DbContext(typeof(WebhooksDbContext))]
[Migration("20261201160003_MakersOfWebhooks")]
internal sealed class MakersOfWebhooks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<Guid>(
            name: "created_by_id",
            schema: "webhooks",
            table: "webhooks",
            type: "uuid",
            nullable: true
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.DropColumn(name: "created_by_id", schema: "webhooks", table: "webhooks");
}
