using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>Who has never had a webhook does not pay for them with every change.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130540000_GroupsWithWebhooks")]
internal sealed class GroupsWithWebhooks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("alter table authority.group_rules add has_had_webhook boolean not null default false");
        AuthorizationFunctions.CreateMissing(migrationBuilder);
    }
}
