using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>Where the audit's chain begins once old entries were removed.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130520001_AuditRemovals")]
internal sealed class AuditRemovals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            create table audit.removals (
                position bigint primary key,
                hash bytea not null,
                key_id text not null,
                proof bytea not null,
                before timestamptz not null,
                removed_at timestamptz not null default now());
            """
        );
}
